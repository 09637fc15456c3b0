package dev.parley.samples.clinic.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.WavFile;
import dev.parley.audio.transcript.ToolEntry;
import dev.parley.audio.transcript.Turn;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.ToolOutcome;
import dev.parley.samples.clinic.desk.ClinicDatabase;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Report;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.text.Normalizer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a rehearsed call went as its script says: each way in which it did not, in a sentence. For one call. */
final class RehearsalCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String BOOK = "book_appointment";
    private static final Set<String> PROMISES = Set.of(BOOK, "cancel_appointment");
    /** What the agent says when it has booked: "it is booked". A script in which it says so must book. */
    private static final String BOOKED = "ബുക്ക് ചെയ്തു";

    private record Slot(String doctor, LocalDate date, LocalTime time) {}

    private final Script script;
    private final PhoneCall.Result call;
    private final CallFiles files;
    private final List<String> reasons = new ArrayList<>();

    RehearsalCheck(Script script, PhoneCall.Result call, CallFiles files) {
        this.script = script;
        this.call = call;
        this.files = files;
    }

    /**
     * Checks everything.
     *
     * @return why it did not go as it should, in order of weight; none if it did
     */
    List<String> reasons(Report server, int unanswered, ClinicDatabase database) throws IOException {
        if (!call.inTime()) {
            reasons.add("the call did not end in time");
        }
        if (call.reason().kind() != CloseReason.Kind.CLOSED_BY_US) {
            reasons.add("the connection ended early: " + call.reason().message());
        }
        bookings(database);
        server.violations().forEach(each -> reasons.add("the server saw a breach of the protocol: " + each));
        reasons.addAll(server.mismatches());
        if (server.turnsLeft() > 0) {
            reasons.add("the script was not played to its end: turns left: " + server.turnsLeft());
        }
        if (unanswered > 0) {
            reasons.add("the agent did not answer in time: " + Count.of(unanswered, "time"));
        }
        call.facts().problems().forEach(each -> reasons.add("there was a problem: " + each.message()));
        counters();
        transcript();
        captions();
        recording();
        return List.copyOf(reasons);
    }

    /** On a call within one machine nothing gets lost, and everything can be read. */
    private void counters() {
        long lost = call.counters().audioRefused()
                + call.counters().audioDroppedBeforeReady()
                + call.playback().overflowed();
        if (lost > 0) {
            reasons.add("bytes of audio were dropped: " + lost);
        }
        long unread = call.counters().malformedMessages() + call.counters().unrecognizedEvents();
        if (unread > 0) {
            reasons.add("messages of the server could not be read: " + unread);
        }
    }

    /** What the tools promised stands in the database, and what the agent said of a booking is true. */
    private void bookings(ClinicDatabase database) throws IOException {
        Map<Slot, Boolean> promised = new LinkedHashMap<>();
        for (ToolOutcome outcome : call.facts().toolOutcomes()) {
            if (outcome.ok() && PROMISES.contains(outcome.request().name())) {
                JsonNode appointment = JSON.readTree(outcome.output()).path("result");
                Slot slot = new Slot(
                        appointment.path("doctor").asText(),
                        LocalDate.parse(appointment.path("date").asText()),
                        LocalTime.parse(appointment.path("time").asText()));
                promised.put(slot, outcome.request().name().equals(BOOK));
            }
        }
        promised.forEach((slot, booked) -> {
            boolean free = database.freeTimes(slot.doctor(), slot.date()).contains(slot.time());
            if (booked && free) {
                reasons.add("an appointment was confirmed that is not in the database");
            }
            if (!booked && !free) {
                reasons.add("an appointment was cancelled that still stands in the database");
            }
        });
        boolean booked = call.facts().toolOutcomes().stream()
                .anyMatch(outcome -> outcome.ok() && outcome.request().name().equals(BOOK));
        if (saysThatItBooked() && !booked) {
            reasons.add("no appointment was booked");
        }
    }

    private boolean saysThatItBooked() {
        return script.turns().stream()
                .flatMap(turn -> turn.steps().stream())
                .filter(Speech.class::isInstance)
                .flatMap(step -> Pattern.compile("[.!?]").splitAsStream(composed(((Speech) step).text())))
                .anyMatch(sentence -> sentence.strip().equals(BOOKED));
    }

    /** Whether a script has nothing in it but words and calls, so that its transcript is known beforehand. */
    private boolean isPlain() {
        return script.turns().stream()
                .flatMap(turn -> turn.steps().stream())
                .allMatch(step -> (step instanceof Speech speech
                                && speech.faults().isEmpty())
                        || (step instanceof Calls calls && calls.faults().isEmpty() && !calls.interrupted()));
    }

    /** The turns as they were said and heard, in order, in memory and in the file. */
    private void transcript() throws IOException {
        int lines = Files.readAllLines(files.transcript()).size();
        if (lines != call.transcript().all().size()) {
            reasons.add("transcript.jsonl has " + Count.of(lines, "line") + " instead of "
                    + call.transcript().all().size());
        }
        if (isPlain()) {
            transcribedTurns();
        }
    }

    private void transcribedTurns() {
        Iterator<Turn> turns = call.transcript().turns().iterator();
        if (script.greeting() != null) {
            said(turns, Objects.requireNonNull(script.greeting()));
        }
        for (var turn : script.turns()) {
            if (!turns.hasNext() || !composed(turn.hear()).equals(turns.next().text())) {
                reasons.add("the transcript lacks a line of the caller");
            }
            for (Step step : turn.steps()) {
                if (step instanceof Speech speech) {
                    said(turns, speech);
                }
            }
        }
        if (turns.hasNext()) {
            reasons.add("the transcript has a turn that is not in the script");
        }
        long tools = call.transcript().all().stream()
                .filter(ToolEntry.class::isInstance)
                .count();
        if (tools != calls()) {
            reasons.add("the transcript has " + Count.of(tools, "tool call") + " instead of " + calls());
        }
    }

    private void said(Iterator<Turn> turns, Speech speech) {
        if (!turns.hasNext()) {
            reasons.add("the transcript lacks a line of the agent");
            return;
        }
        Turn turn = turns.next();
        String words = composed(speech.text());
        boolean right = speech.interrupted()
                ? turn.interrupted()
                        && words.startsWith(turn.text())
                        && turn.text().length() < words.length()
                : !turn.interrupted() && turn.unheard() == null && words.equals(turn.text());
        if (!right) {
            reasons.add("the transcript tells a line of the agent otherwise than it was heard");
        }
    }

    private long calls() {
        return script.turns().stream()
                .flatMap(turn -> turn.steps().stream())
                .filter(Calls.class::isInstance)
                .mapToLong(step -> ((Calls) step).calls().size())
                .sum();
    }

    private void captions() throws IOException {
        List<String> lines = Files.readAllLines(files.captions());
        long cues = lines.stream().filter(line -> line.contains(" --> ")).count();
        long turns = call.transcript().turns().stream()
                .filter(turn -> !turn.text().isBlank())
                .count();
        if (lines.isEmpty() || !lines.get(0).equals("WEBVTT") || cues != turns) {
            reasons.add("captions.vtt has " + cues + (cues == 1 ? " caption" : " captions") + " instead of " + turns);
        }
    }

    /** Both channels hold what was said and heard, sample for sample, and nothing else. */
    private void recording() throws IOException {
        WavFile file = WavFile.open(files.recording());
        PcmFormat format = new PcmFormat(Recording.SAMPLE_RATE);
        if (file.channels() != 2 || !file.format().equals(format)) {
            reasons.add("call.wav is not stereo at " + format.sampleRate() + " Hz");
            return;
        }
        ByteBuffer[] sides = file.sides();
        HeardChannel caller = new HeardChannel(sides[0], format);
        HeardChannel agent = new HeardChannel(sides[1], format);
        Iterator<Interruption> cuts = call.facts().interruptions().iterator();
        if (script.greeting() != null) {
            heard(agent, Objects.requireNonNull(script.greeting()), cuts);
        }
        for (var turn : script.turns()) {
            caller.passOver(Sound.of(turn).pcm16(), null).ifPresent(how -> reasons.add("call.wav, caller: " + how));
            for (Step step : turn.steps()) {
                if (step instanceof Speech speech) {
                    heard(agent, speech, cuts);
                }
            }
        }
        caller.endsInSilence().ifPresent(how -> reasons.add("call.wav, caller: " + how));
        agent.endsInSilence().ifPresent(how -> reasons.add("call.wav, agent: " + how));
        if (cuts.hasNext()) {
            reasons.add("a reply was cut short that should have been heard whole");
        }
    }

    private void heard(HeardChannel agent, Speech speech, Iterator<Interruption> cuts) {
        @Nullable Duration cutAfter = null;
        if (speech.interrupted()) {
            if (!cuts.hasNext()) {
                reasons.add("a reply was heard whole that should have been cut short");
                return;
            }
            cutAfter = cuts.next().heard();
        }
        agent.passOver(Sound.of(speech).pcm16(), cutAfter).ifPresent(how -> reasons.add("call.wav, agent: " + how));
    }

    private static String composed(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }
}
