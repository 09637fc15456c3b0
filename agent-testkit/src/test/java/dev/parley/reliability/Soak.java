package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import okhttp3.OkHttpClient;

/** Many sessions at once, half of them with swaram and half with OpenAI, whose connections are reset one after another. */
final class Soak {
    private static final Duration BETWEEN_RESETS = Duration.ofMillis(500);
    /** More than one session can be hit within half a minute. */
    private static final ReconnectPolicy PATIENT = FaultCase.SOON.attempts(30);

    private static final int SAMPLE_BYTES_A_SECOND = 48_000;

    private final int count;
    private final Duration length;
    private final OkHttpClient http = new OkHttpClient();
    private final List<VoiceSession> sessions = new ArrayList<>();
    private final List<SoakCaller> callers = new ArrayList<>();

    private Soak(int count, Duration length) {
        this.count = count;
        this.length = length;
    }

    /**
     * What it came to.
     *
     * @param before with no session open, once one has been
     * @param early with all of them open, after a third of the time
     * @param late with all of them open, at the end
     * @param after with all of them closed
     * @param findings breaches of the protocol that the servers saw
     */
    record Figures(
            long calls,
            long repliesOfTheQuietest,
            long resets,
            long reconnects,
            double audioSeconds,
            Footprint before,
            Footprint early,
            Footprint late,
            Footprint after,
            List<String> findings) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    """
                    calls answered            %d
                    replies, quietest session %d
                    connections reset         %d, replaced %d
                    audio received            %.0f s
                    before                    %s
                    after a third, all live   %s
                    at the end, all live      %s
                    all closed                %s""",
                    calls,
                    repliesOfTheQuietest,
                    resets,
                    reconnects,
                    audioSeconds,
                    before,
                    early,
                    late,
                    after);
        }
    }

    static Figures run(int count, Duration length) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SoakServer.class.getName(),
                        Long.toString(BETWEEN_RESETS.toMillis()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
                PrintStream tell = new PrintStream(server.getOutputStream(), true, StandardCharsets.UTF_8)) {
            List<VoiceAgent.Builder> agents = new ArrayList<>();
            Soak soak = new Soak(count, length);
            for (Rehearsed rehearsed : Rehearsed.values()) {
                agents.add(VoiceAgent.builder()
                        .provider(rehearsed.provider(URI.create(said.readLine())))
                        .reconnect(PATIENT)
                        .httpClient(soak.http));
            }
            return soak.talk(agents.stream().map(VoiceAgent.Builder::build).toList(), said, tell);
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    private Figures talk(List<VoiceAgent> agents, BufferedReader said, PrintStream tell) throws IOException {
        // classes, pools and the HTTP client's own threads are there from the first session on
        for (VoiceAgent agent : agents) {
            agent.connect().close();
        }
        Footprint before = Footprint.now();
        ScheduledExecutorService line = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < count; i++) {
                SoakCaller caller = new SoakCaller();
                callers.add(caller);
                sessions.add(
                        agents.get(i % agents.size()).session().with(caller).connect());
            }
            tell.println("break");
            long began = System.nanoTime();
            long frame = SoakCaller.FRAME.toNanos();
            var unused = line.scheduleAtFixedRate(this::everybodySaysOn, 0, frame, TimeUnit.NANOSECONDS);
            awaitElapsed(began, length.dividedBy(3));
            Footprint early = Footprint.now();
            awaitElapsed(began, length);
            Footprint late = Footprint.now();
            tell.println("stop");
            long resets = Long.parseLong(said.readLine());
            List<String> findings =
                    said.lines().takeWhile(text -> !text.equals("done")).toList();
            // A session that has not noticed yet is ready too: so the last reset is waited for as well.
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(sum(each -> each.counters().reconnects()))
                        .as("connections replaced")
                        .isGreaterThanOrEqualTo(resets);
                assertThat(sessions)
                        .allSatisfy(each -> assertThat(each.state())
                                .as(() -> String.valueOf(each.closeReason()))
                                .isEqualTo(SessionState.READY));
            });
            long calls = callers.stream().mapToLong(each -> each.calls.get()).sum();
            long fewest =
                    callers.stream().mapToLong(each -> each.replies.get()).min().orElse(0);
            long reconnects = sum(each -> each.counters().reconnects());
            double audio = (double) sum(each -> each.counters().audioReceived()) / SAMPLE_BYTES_A_SECOND;
            line.shutdownNow();
            sessions.forEach(VoiceSession::close);
            sessions.clear();
            callers.clear();
            return new Figures(
                    calls, fewest, resets, reconnects, audio, before, early, late, settled(before), findings);
        } finally {
            line.shutdownNow();
            sessions.forEach(VoiceSession::close);
        }
    }

    private void everybodySaysOn() {
        for (int i = 0; i < sessions.size(); i++) {
            callers.get(i).sayOn(sessions.get(i));
        }
    }

    private long sum(ToLongFunction<VoiceSession> figure) {
        return sessions.stream().mapToLong(figure).sum();
    }

    private static void awaitElapsed(long began, Duration length) {
        await().atMost(length.plusSeconds(10))
                .pollInterval(SoakCaller.FRAME)
                .until(() -> System.nanoTime() - began >= length.toNanos());
    }

    /** What is held once idle threads have ended, or after 30 s. */
    private static Footprint settled(Footprint before) {
        Footprint[] last = {Footprint.now()};
        try {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        last[0] = Footprint.now();
                        return last[0].threads() == 0 && last[0].descriptors() <= before.descriptors();
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            // whoever asked compares
        }
        return last[0];
    }
}
