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
import dev.parley.samples.clinic.desk.Booking;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a rehearsed call went as its script says: each way in which it did not, in a sentence. For one call. */
final class RehearsalCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

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
    List<String> reasons(Report server, int unanswered, ClinicDatabase database, LocalDate today) throws IOException {
        if (!call.inTime()) {
            reasons.add("the call did not end in time");
        }
        if (call.reason().kind() != CloseReason.Kind.CLOSED_BY_US) {
            reasons.add("the connection ended early: " + call.reason().message());
        }
        bookings(database, today);
        server.violations().forEach(each -> reasons.add("the server saw a breach of the protocol: " + each));
        reasons.addAll(server.mismatches());
        if (server.turnsLeft() > 0) {
            reasons.add("the script was not played to its end: turns left: " + server.turnsLeft());
        }
        if (unanswered > 0) {
            reasons.add("the agent did not answer in time: " + unanswered + " times");
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

    private void bookings(ClinicDatabase database, LocalDate today) throws IOException {
        boolean booked = false;
        for (ToolOutcome outcome : call.facts().toolOutcomes()) {
            if (!outcome.ok()) {
                continue;
            }
            JsonNode result = JSON.readTree(outcome.output()).path("result");
            switch (outcome.request().name()) {
                case "book_appointment" -> {
                    booked = true;
                    String phone = JSON.readTree(outcome.request().argumentsJson())
                            .path("phone")
                            .asText();
                    if (!stands(database.bookingsOf(phone, today), result)) {
                        reasons.add("an appointment was confirmed that is not in the database");
                    }
                }
                case "cancel_appointment" -> {
                    LocalDate date = LocalDate.parse(result.path("date").asText());
                    LocalTime time = LocalTime.parse(result.path("time").asText());
                    if (!database.freeTimes(result.path("doctor").asText(), date)
                            .contains(time)) {
                        reasons.add("an appointment was cancelled that still stands in the database");
                    }
                }
                default -> {}
            }
        }
        if (!booked) {
            reasons.add("no appointment was booked");
        }
    }

    private static boolean stands(List<Booking> bookings, JsonNode appointment) {
        return bookings.stream()
                .anyMatch(booking -> booking.doctor()
                                .equals(appointment.path("doctor").asText())
                        && booking.day()
                                .equals(LocalDate.parse(appointment.path("date").asText()))
                        && booking.time()
                                .equals(LocalTime.parse(appointment.path("time").asText())));
    }

    /** The turns as they were said and heard, in order, in memory and in the file. */
    private void transcript() throws IOException {
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
            reasons.add("the transcript has " + tools + " tool calls instead of " + calls());
        }
        int lines = Files.readAllLines(files.transcript()).size();
        if (lines != call.transcript().all().size()) {
            reasons.add("transcript.jsonl has " + lines + " lines instead of "
                    + call.transcript().all().size());
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
            reasons.add("captions.vtt has " + cues + " captions instead of " + turns);
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
            if (turn.audio() != null) {
                caller.passOver(turn.audio().pcm16(), null).ifPresent(how -> reasons.add("call.wav, caller: " + how));
            }
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
        Recording recording = speech.audio() == null ? Recording.toneFor(speech.text()) : speech.audio();
        agent.passOver(recording.pcm16(), cutAfter).ifPresent(how -> reasons.add("call.wav, agent: " + how));
    }

    private static String composed(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }
}
