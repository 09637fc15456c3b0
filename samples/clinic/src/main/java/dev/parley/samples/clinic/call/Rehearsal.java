package dev.parley.samples.clinic.call;

import dev.parley.audio.AudioSink;
import dev.parley.audio.PcmFormat;
import dev.parley.core.Clock;
import dev.parley.samples.clinic.desk.ClinicDatabase;
import dev.parley.samples.clinic.desk.ClinicTools;
import dev.parley.samples.clinic.desk.SampleData;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call on a rehearsal server of its own, with a recorded caller, checked to the last sample. */
public final class Rehearsal {
    private static final String OWN_SCRIPT = "dev/parley/samples/clinic/call/clinic.yaml";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The caller has heard enough of a long reply. */
    private static final Duration HEARD_ENOUGH = Duration.ofMillis(1500);
    /** Beyond what a script's recordings last. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final ClinicDatabase database;
    private final Script script;
    private final CallFiles files;

    private Rehearsal(ClinicDatabase database, Script script, Path folder) {
        this.database = database;
        this.script = script;
        this.files = new CallFiles(folder);
    }

    /**
     * A rehearsal.
     *
     * @param script a YAML file; null for the sample's own
     * @throws dev.parley.testkit.ScriptException if the script cannot be played
     */
    public static Rehearsal of(ClinicDatabase database, @Nullable Path script, Path folder) {
        return new Rehearsal(database, script == null ? Script.loadResource(OWN_SCRIPT) : Script.load(script), folder);
    }

    /**
     * Plays it, at the pace of real speech.
     *
     * @return why it did not go as it should; none if it did
     */
    public List<String> play(CallScreen screen) throws IOException, InterruptedException {
        Clock clock = screen.clock();
        ZoneId zone = ZoneId.systemDefault();
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        SampleData.restoreBookings(database, today);
        PcmFormat format = new PcmFormat(Recording.SAMPLE_RATE);
        try (RehearsalServer server =
                RehearsalServer.builder().script(script).zone(zone).start()) {
            screen.line("call", script.name() + ", rehearsed at " + server.url());
            boolean greeted = script.greeting() != null;
            Caller caller = new Caller(format, lines(), greeted, PATIENCE);
            PhoneCall.Result call = new PhoneCall(
                            server.provider(), new ClinicTools(database, clock, zone), today, clock, files)
                    .make(
                            new Party(caller, AudioSink.inMemory(format, clock), greeted, caller.finished()),
                            length().plus(SLACK),
                            List.of(screen, new CallerCues(caller)));
            screen.summary(call, files);
            RehearsalConnection connection = server.connection(0);
            try {
                connection.awaitClosed(Duration.ofSeconds(5));
            } catch (AssertionError e) {
                return List.of("the server did not see the end of the call: " + e.getMessage());
            }
            return new RehearsalCheck(script, call, files).reasons(connection.report(), caller.unanswered(), database);
        }
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        Speech greeting = script.greeting();
        boolean cutsIn = greeting != null && greeting.interrupted();
        for (Turn turn : script.turns()) {
            lines.add(new Line(Sound.of(turn).pcm16(), cutsIn ? HEARD_ENOUGH : null));
            Step last = turn.steps().get(turn.steps().size() - 1);
            cutsIn = last instanceof Speech speech && speech.interrupted();
        }
        return lines;
    }

    private Duration length() {
        long millis = lines().stream()
                .mapToLong(line -> line.pcm16().remaining() / 48L)
                .sum();
        for (Turn turn : script.turns()) {
            for (Step step : turn.steps()) {
                if (step instanceof Speech speech) {
                    millis += Sound.of(speech).length().toMillis();
                }
            }
        }
        return Duration.ofMillis(millis);
    }
}
