package dev.parley.loopback;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.tools.Toolbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;

/**
 * How long a call takes over loopback: from {@code response.function_call_arguments.done} (and what completes the call) in, to
 * the output out, and from the output to {@code response.create}. At the client's own socket, from the read that brings the one
 * to the write that takes the other away: the socket's reader, the loop, the toolbox with its thread, the gate and the HTTP
 * client's writer. And as its server sees it, with both ways through the kernel too. One call at a time, with a pause before
 * each.
 *
 * <p>Beside each stands the HTTP client alone, which answers the same messages with the same output from its reader, and neither
 * reads them nor runs anything: what Parley adds is the difference. All of them take turns, so that a machine that is busy now
 * and then is so for all.
 *
 * <p>Run: {@code java -cp benchmarks/target/benchmarks.jar dev.parley.loopback.CallLatency [calls, 9,900 at most]}
 */
final class CallLatency {
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** Sessions that come before, each with as many calls, and without pauses: until the JIT compiler is through. */
    private static final int WARM_UPS = 3;

    private static final int CALLS_OF_WARM_UP = 8_000;

    /** A toolbox refuses more in one session. */
    private static final int MOST_CALLS = 9_900;

    private final Duration pause;
    private final Measured bareSwaram = new Measured("swaram's events, OkHttp alone");
    private final Measured swaram = new Measured("swaram: arguments.done in, output out");
    private final Measured bareOpenAi = new Measured("OpenAI's events, OkHttp alone");
    private final Measured openAi = new Measured("OpenAI: arguments.done in, output out");
    private final Measured creates = new Measured("OpenAI: output, response.create");

    private CallLatency(Duration pause) {
        this.pause = pause;
    }

    static final class Desk {
        @Tool
        String book(@P(name = "doctor", value = "") String doctor, @P(name = "guests", value = "") int guests) {
            return doctor;
        }
    }

    public static void main(String[] args) throws IOException {
        int calls = args.length == 0 ? 5_000 : Math.min(Integer.parseInt(args[0]), MOST_CALLS);
        for (int i = 0; i < WARM_UPS; i++) {
            new CallLatency(Duration.ZERO).run(CALLS_OF_WARM_UP);
        }
        CallLatency measured = new CallLatency(PAUSE);
        measured.run(calls);
        measured.print();
    }

    private void run(int calls) throws IOException {
        try (Talk a = Talk.withOkHttp();
                Talk b = Talk.with(address -> Swaram.simple("k").endpoint(address));
                Talk c = Talk.withOkHttp();
                Talk d = Talk.with(
                        address -> OpenAi.realtime("gpt-realtime", "k").endpoint(address))) {
            for (int id = 0; id < calls; id++) {
                swaram(a, id, bareSwaram);
                swaram(b, id, swaram);
                b.peer().send(created(id), done(id, "[]"));
                openAi(c, id, bareOpenAi);
                openAi(d, id, openAi);
                create(d.peer(), id);
            }
        }
    }

    private void print() {
        List.of(swaram, bareSwaram, openAi, bareOpenAi, creates).forEach(Measured::print);
    }

    private void swaram(Talk talk, int i, Measured measured) throws IOException {
        LockSupport.parkNanos(pause.toNanos());
        talk.stamps().forget();
        long began = System.nanoTime();
        talk.peer().send(arguments(i));
        talk.peer().read("conversation.item.create");
        measured.note(System.nanoTime() - began, talk.stamps().between());
    }

    private void openAi(Talk talk, int i, Measured measured) throws IOException {
        LockSupport.parkNanos(pause.toNanos());
        String item = """
                {"type":"function_call","id":"item_%d","call_id":"call_%d","name":"book","status":"completed",\
                "arguments":"%s"}""".formatted(i, i, ARGUMENTS);
        String whole = """
                {"type":"response.output_item.done","response_id":"resp_%d","output_index":0,"item":%s}""".formatted(i, item);
        talk.peer().send(created(i));
        LockSupport.parkNanos(pause.toNanos()); // or the client would have it in one read with the call
        talk.stamps().forget();
        long began = System.nanoTime();
        talk.peer().send(arguments(i), whole, done(i, "[" + item + "]"));
        talk.peer().read("conversation.item.create");
        measured.note(System.nanoTime() - began, talk.stamps().between());
    }

    /** Waits for the request that follows an output, and gives the reply that it asks for. */
    private void create(BarePeer peer, int i) throws IOException {
        long began = System.nanoTime();
        peer.read("response.create");
        long took = System.nanoTime() - began;
        creates.note(took, took);
        String reply = i + "_spoken";
        peer.send("""
                {"type":"conversation.item.added","item":{"type":"function_call_output","id":"out_%d",\
                "call_id":"call_%d","output":"{}"}}""".formatted(i, i), created(reply), done(reply, "[]"));
    }

    private static final String ARGUMENTS = "{\\\"doctor\\\":\\\"Dr. Anitha Nair\\\",\\\"guests\\\":3}";

    private static String arguments(int i) {
        return """
                {"type":"response.function_call_arguments.done","response_id":"resp_%d","item_id":"item_%d",\
                "call_id":"call_%d","name":"book","arguments":"%s"}""".formatted(i, i, i, ARGUMENTS);
    }

    private static String created(Object id) {
        return """
                {"type":"response.created","response":{"id":"resp_%s","status":"in_progress","output":[]}}""".formatted(id);
    }

    private static String done(Object id, String output) {
        return """
                {"type":"response.done","response":{"id":"resp_%s","status":"completed","output":%s}}""".formatted(id, output);
    }

    private interface Providing {
        Provider at(URI address);
    }

    /** A client that talks to a server on this thread. */
    private record Talk(ServerSocket listening, BarePeer peer, AutoCloseable client, StampedSockets stamps)
            implements AutoCloseable {

        static Talk with(Providing provider) throws IOException {
            ServerSocket listening = listen();
            StampedSockets stamps = new StampedSockets();
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider.at(address(listening)))
                    .with(Toolbox.of(new Desk()))
                    .httpClient(new OkHttpClient.Builder().socketFactory(stamps).build())
                    .build();
            CompletionStage<VoiceSession> connecting = agent.session().connectAsync();
            BarePeer peer = BarePeer.shakeHands(listening.accept());
            peer.send("{\"type\":\"session.created\",\"session\":{\"id\":\"sess_1\"}}");
            peer.read("session.update");
            peer.send("{\"type\":\"session.updated\",\"session\":{\"id\":\"sess_1\"}}");
            VoiceSession session = connecting.toCompletableFuture().join();
            return new Talk(listening, peer, session, stamps);
        }

        static Talk withOkHttp() throws IOException {
            ServerSocket listening = listen();
            StampedSockets stamps = new StampedSockets();
            BareEcho echo = BareEcho.connect(address(listening), stamps);
            return new Talk(listening, BarePeer.shakeHands(listening.accept()), echo, stamps);
        }

        private static ServerSocket listen() throws IOException {
            return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        }

        private static URI address(ServerSocket listening) {
            return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/v1/realtime");
        }

        /** The server leaves first, so that nobody waits for a goodbye. */
        @Override
        public void close() throws IOException {
            peer.close();
            listening.close();
            try {
                client.close();
            } catch (Exception e) {
                throw new IOException("the client did not close", e);
            }
        }
    }

    /** Times of one kind: as the server saw them, and at the client's socket. */
    private static final class Measured {
        private final String what;
        private long[] seen = new long[1024];
        private long[] inside = new long[1024];
        private int count;

        Measured(String what) {
            this.what = what;
        }

        void note(long seenByServer, long insideClient) {
            if (count == seen.length) {
                seen = Arrays.copyOf(seen, count * 2);
                inside = Arrays.copyOf(inside, count * 2);
            }
            seen[count] = seenByServer;
            inside[count++] = insideClient;
        }

        private double at(int percent, long[] nanos) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted[count * percent / 100] / 1e6;
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%-40s p50 %.3f ms, p99 %.3f ms; as the server sees it p50 %.3f ms, p99 %.3f ms (%d calls)%n",
                    what,
                    at(50, inside),
                    at(99, inside),
                    at(50, seen),
                    at(99, seen),
                    count);
        }
    }
}
