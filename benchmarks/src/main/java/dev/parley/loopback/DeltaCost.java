package dev.parley.loopback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionPart;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.OpenAi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/**
 * What a whole client costs a processor for each piece of the agent's voice, at a thousand a second over loopback: Parley's
 * session, beside OkHttp alone that decodes the base64 and does nothing else, and beside OkHttp with a Jackson tree. Time of
 * the whole process, garbage collection and compiler included, while the server is another one. The clients take turns.
 *
 * <p>Run: {@code java -cp benchmarks/target/benchmarks.jar dev.parley.loopback.DeltaCost [rounds [seconds]]}
 */
final class DeltaCost {
    private static final int A_SECOND = 1_000;
    private static final int WARM_UP_SECONDS = 5;

    private DeltaCost() {}

    /** Hears so many pieces and tells what each cost in nanoseconds. */
    private interface Client {
        double cost(int port, Pieces pieces);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeltaServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
            int port = Integer.parseInt(said.readLine());
            Client[] clients = {DeltaCost::bare, DeltaCost::tree, DeltaCost::parley};
            String[] names = {"OkHttp that only decodes", "OkHttp with a Jackson tree", "Parley"};
            double[][] costs = new double[clients.length][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < clients.length; i++) {
                    costs[i][round] = clients[i].cost(port, new Pieces(seconds));
                }
            }
            for (int i = 0; i < clients.length; i++) {
                Arrays.sort(costs[i]);
                System.out.printf(
                        Locale.ROOT,
                        "%-28s %.1f µs of processor time a piece (median of %d rounds, %.1f to %.1f)%n",
                        names[i],
                        costs[i][rounds / 2],
                        rounds,
                        costs[i][0],
                        costs[i][rounds - 1]);
            }
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    /** Counts what a client heard, and the time of the process meanwhile. One thread adds. */
    private static final class Pieces {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final CountDownLatch done = new CountDownLatch(1);
        private final long last;
        private long count;
        private long bytes;
        private long cpuBefore;
        private long cpuAfter;

        Pieces(int seconds) {
            this.last = (long) (WARM_UP_SECONDS + seconds) * A_SECOND;
        }

        void add(int pcmBytes) {
            count++;
            bytes += pcmBytes;
            if (count == WARM_UP_SECONDS * A_SECOND) {
                cpuBefore = system.getProcessCpuTime();
            } else if (count == last) {
                cpuAfter = system.getProcessCpuTime();
                done.countDown();
            }
        }

        /** In µs. */
        double await() {
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (bytes < last * 4_800) {
                throw new IllegalStateException("a client lost audio: " + bytes + " bytes of " + last + " pieces");
            }
            return (cpuAfter - cpuBefore) / 1e3 / (last - WARM_UP_SECONDS * A_SECOND);
        }
    }

    private static double bare(int port, Pieces pieces) {
        return hear(port, pieces, text -> {
            int from = text.indexOf("\"delta\":\"");
            if (from < 0) {
                return 0;
            }
            from += 9;
            return Base64.getDecoder().decode(text.substring(from, text.indexOf('"', from))).length;
        });
    }

    private static double tree(int port, Pieces pieces) {
        ObjectMapper json = new ObjectMapper();
        return hear(port, pieces, text -> {
            try {
                JsonNode delta = json.readTree(text).path("delta");
                return delta.isTextual() ? Base64.getDecoder().decode(delta.textValue()).length : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Tells how many bytes of PCM a message has. */
    private interface Reading {
        int read(String message);
    }

    private static double hear(int port, Pieces pieces, Reading reading) {
        OkHttpClient http = new OkHttpClient();
        Request request = new Request.Builder().url("ws://127.0.0.1:" + port).build();
        WebSocket socket = http.newWebSocket(request, new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket, Response response) {
                webSocket.send("{\"type\":\"session.update\",\"session\":{}}");
            }

            @Override
            public void onMessage(WebSocket webSocket, String text) {
                int bytes = reading.read(text);
                if (bytes > 0) {
                    pieces.add(bytes);
                }
            }
        });
        double cost = pieces.await();
        socket.cancel();
        http.dispatcher().executorService().shutdown();
        return cost;
    }

    private static double parley(int port, Pieces pieces) {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(OpenAi.realtime("gpt-realtime", "k").endpoint(URI.create("ws://127.0.0.1:" + port)))
                .build();
        SessionPart ear = new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                if (event instanceof ServerEvent.OutputAudio audio) {
                    pieces.add(audio.audio().remaining());
                }
            }
        };
        SessionExtension listening = session -> ear;
        VoiceSession session = agent.session().with(listening).connect();
        double cost = pieces.await();
        session.close();
        return cost;
    }
}
