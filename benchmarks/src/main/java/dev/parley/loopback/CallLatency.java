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
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a call takes on the wire, over loopback, as its server sees it: from the write of
 * {@code response.function_call_arguments.done} (and of what completes the call) to the output, and from the output to
 * {@code response.create}. Both ways through the kernel are in the first, and the socket's reader, the loop, the toolbox with
 * its thread, the gate and the HTTP client's writer. One call at a time, with a pause before each.
 *
 * <p>Run: {@code java -cp benchmarks/target/benchmarks.jar dev.parley.loopback.CallLatency [calls]}
 */
final class CallLatency {
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int WARM_UP = 3_000;

    private CallLatency() {}

    static final class Desk {
        @Tool
        String book(@P(name = "doctor", value = "") String doctor, @P(name = "guests", value = "") int guests) {
            return doctor;
        }
    }

    public static void main(String[] args) throws IOException {
        int calls = args.length == 0 ? 5_000 : Integer.parseInt(args[0]);
        swaram(calls);
        openAi(calls);
    }

    private static void swaram(int calls) throws IOException {
        long[] outputs = new long[calls];
        talk(address -> Swaram.simple("k").endpoint(address), peer -> {
            for (int i = -WARM_UP; i < calls; i++) {
                LockSupport.parkNanos(PAUSE.toNanos());
                long began = System.nanoTime();
                peer.send(arguments(i));
                peer.read("conversation.item.create");
                note(outputs, i, began);
                peer.send(created(i), done(i, "[]"));
            }
        });
        print("swaram: arguments.done in, output out", outputs);
    }

    private static void openAi(int calls) throws IOException {
        long[] outputs = new long[calls];
        long[] creates = new long[calls];
        talk(address -> OpenAi.realtime("gpt-realtime", "k").endpoint(address), peer -> {
            for (int i = -WARM_UP; i < calls; i++) {
                LockSupport.parkNanos(PAUSE.toNanos());
                String item = """
                        {"type":"function_call","id":"item_%d","call_id":"call_%d","name":"book","status":"completed",\
                        "arguments":"%s"}""".formatted(i, i, ARGUMENTS);
                peer.send(created(i));
                long began = System.nanoTime();
                peer.send(arguments(i), """
                        {"type":"response.output_item.done","response_id":"resp_%d","output_index":0,"item":%s}""".formatted(i, item), done(i, "[" + item + "]"));
                peer.read("conversation.item.create");
                long output = System.nanoTime();
                note(outputs, i, began);
                peer.read("response.create");
                note(creates, i, output);
                peer.send("""
                        {"type":"conversation.item.added","item":{"type":"function_call_output","id":"out_%d",\
                        "call_id":"call_%d","output":"{}"}}""".formatted(i, i), created(calls + WARM_UP + i), done(calls + WARM_UP + i, "[]"));
            }
        });
        print("OpenAI: arguments.done in, output out", outputs);
        print("OpenAI: output out, response.create out", creates);
    }

    private static final String ARGUMENTS = "{\\\"doctor\\\":\\\"Dr. Anitha Nair\\\",\\\"guests\\\":3}";

    private static String arguments(int i) {
        return """
                {"type":"response.function_call_arguments.done","response_id":"resp_%d","item_id":"item_%d",\
                "call_id":"call_%d","name":"book","arguments":"%s"}""".formatted(i, i, i, ARGUMENTS);
    }

    private static String created(int i) {
        return """
                {"type":"response.created","response":{"id":"resp_%d","status":"in_progress","output":[]}}""".formatted(i);
    }

    private static String done(int i, String output) {
        return """
                {"type":"response.done","response":{"id":"resp_%d","status":"completed","output":%s}}""".formatted(i, output);
    }

    private interface Providing {
        Provider at(URI address);
    }

    private interface Serving {
        void serve(BarePeer peer) throws IOException;
    }

    /** Lets a session talk to a server on this thread. */
    private static void talk(Providing provider, Serving serving) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(provider.at(URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/v1/realtime")))
                    .with(Toolbox.of(new Desk()))
                    .build();
            CompletionStage<VoiceSession> connecting = agent.session().connectAsync();
            try (BarePeer peer = BarePeer.shakeHands(listening.accept())) {
                peer.send("{\"type\":\"session.created\",\"session\":{\"id\":\"sess_1\"}}");
                peer.read("session.update");
                peer.send("{\"type\":\"session.updated\",\"session\":{\"id\":\"sess_1\"}}");
                try (VoiceSession session = connecting.toCompletableFuture().join()) {
                    serving.serve(peer);
                    session.interrupt();
                }
            }
        }
    }

    private static void note(long[] times, int i, long began) {
        if (i >= 0) {
            times[i] = System.nanoTime() - began;
        }
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-42s p50 %.3f ms, p99 %.3f ms (%d calls)%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos.length);
    }
}
