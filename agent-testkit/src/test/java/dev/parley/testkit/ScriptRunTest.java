package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testkit.Violation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script can say, and what its run reports. */
class ScriptRunTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String OK = "{\"ok\":true}";

    private static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    // 2026-11-21 is a Saturday
    @ParameterizedTest
    @CsvSource({
        "${date:+0}, 2026-11-21",
        "${date:+1}, 2026-11-22",
        "${date:-1}, 2026-11-20",
        "${date:MONDAY}, 2026-11-23",
        "${date:SATURDAY}, 2026-11-28",
        "${date:MONDAY+1w}, 2026-11-30",
        "on ${date:+1} or ${date:+2}, on 2026-11-22 or 2026-11-23"
    })
    void datesAreFilledByTheServersClockAndZone(String placeholder, String filled) {
        Script script = Script.named("dates")
                .turn(Turn.hear("a")
                        .calls(Call.to("f").with("date", placeholder))
                        .says("b"))
                .build();
        FakeClock clock = new FakeClock(Instant.parse("2026-11-20T20:00:00Z"));
        try (RehearsalServer server = RehearsalServer.builder()
                        .script(script)
                        .clock(clock)
                        .zone(ZoneId.of("Asia/Kolkata"))
                        .start();
                BareClient client = BareClient.ready(server)) {
            client.say();

            assertThat(client.await("response.function_call_arguments.done")
                            .path("arguments")
                            .asText())
                    .isEqualTo("{\"date\":\"" + filled + "\"}");
        }
    }

    @Test
    void anOutputsValuesCanBeUsedInALaterCallWithTheirTypes() {
        Script script = Script.named("outputs")
                .turn(Turn.hear("Book and cancel.")
                        .calls(Call.to("book"))
                        .calls(Call.to("cancel")
                                .with("id", "${output:book.result.id}")
                                .with("note", "no. ${output:book.result.slots.1}")
                                .with("list", List.of("${output:book.ok}"))
                                .with("gone", "${output:book.result.none}"))
                        .says("Done."))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.function_call_arguments.done");
            client.answer("call_1", "{\"ok\":true,\"result\":{\"id\":7,\"slots\":[\"a\",\"b\"]}}");

            assertThat(client.await("response.function_call_arguments.done", 2)
                            .path("arguments")
                            .asText())
                    .isEqualTo("{\"id\":7,\"note\":\"no. b\",\"list\":[true],\"gone\":\"\"}");
            client.answer("call_2", OK);
            client.await("response.done", 3);
            assertThat(server.report().mismatches()).containsExactly("turn 1: ${output:book.result.none} has no value");
        }
    }

    @Test
    void callerAudioThatDiffersFromTheRecordingIsAViolation() {
        Recording line = Recording.tone(Duration.ofMillis(600));
        Script script = Script.named("audio")
                .turn(Turn.hear("a").spokenAs(line).says("b"))
                .turn(Turn.hear("c").spokenAs(line).says("d"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.append(Recording.silence(Duration.ofMillis(130)).then(line));
            client.append(Recording.silence(Duration.ofMillis(700)));
            client.await("response.done");
            assertThat(server.report().violations()).isEmpty();
            short[] samples = line.samples();
            samples[2_400]--;
            client.append(Recording.of("other", samples).then(Recording.silence(Duration.ofMillis(700))));
            client.await("response.done", 2);

            RehearsalAssertions.assertThat(server).violated(Kind.CALLER_AUDIO_DIFFERS);
            assertThat(server.report().violations().get(0).message())
                    .isEqualTo("turn 2: the caller's audio differs from " + line.name() + " at 100.0 ms: "
                            + samples[2_400] + " instead of " + line.samples()[2_400]);
        }
    }

    @Test
    void theTurnsAreTheSameHoweverTheAudioIsCut() {
        Script script = Script.named("pieces")
                .turn(Turn.hear("a").says("b"))
                .turn(Turn.hear("c").says("d"))
                .build();
        byte[] bytes = Recording.tone(Duration.ofMillis(600))
                .then(Recording.silence(Duration.ofMillis(600)))
                .pcm16()
                .array();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            for (int turn = 1; turn <= 2; turn++) {
                int size = turn == 1 ? 66 : bytes.length;
                for (int from = 0; from < bytes.length; from += size) {
                    client.send(
                            BareClient.append(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size))));
                }
                client.await("response.done", turn);
            }

            assertThat(client.events("input_audio_buffer.speech_started"))
                    .extracting(each -> each.path("audio_start_ms").asInt())
                    .containsExactly(0, 1_200);
            assertThat(client.events("input_audio_buffer.speech_stopped"))
                    .extracting(each -> each.path("audio_end_ms").asInt())
                    .containsExactly(1_100, 2_300);
            server.assertPassed();
        }
    }

    @Test
    void commitEndsATurnWithoutSilenceAndClearTakesItBack() {
        Script script = Script.named("manual").turn(Turn.hear("a").says("b")).build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.append(Recording.tone(Duration.ofMillis(300)));
            client.send("{\"type\":\"input_audio_buffer.clear\"}");
            client.append(Recording.silence(Duration.ofSeconds(1)));
            client.append(Recording.tone(Duration.ofMillis(300)));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.await("response.done");

            assertThat(client.events("input_audio_buffer.speech_stopped")).hasSize(1);
            server.connection(0).awaitFinished(SOON);
            server.assertPassed();
        }
    }

    @Test
    void speechAfterTheLastTurnIsAMismatchAndGetsNoReply() {
        try (RehearsalServer server = fast(
                        Script.named("short").turn(Turn.hear("a").says("b")).build());
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.done");
            client.say();
            client.await("input_audio_buffer.speech_stopped", 2);
            client.send("{\"type\":\"response.create\"}");
            client.await("error");

            assertThat(client.events("response.created")).hasSize(1);
            assertThat(server.report().mismatches())
                    .containsExactly(
                            "the caller spoke after the script's last turn",
                            "response.create came, and the script has nothing to say to it");
        }
    }

    @Test
    void aGreetingThatNobodyAsksForIsAMismatch() {
        Script script = Script.named("shy")
                .greeting("Hello.")
                .turn(Turn.hear("a").says("b"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.done");

            assertThat(server.report().mismatches())
                    .containsExactly("the script has a greeting, and nobody asked for it with response.create");
        }
    }

    @Test
    void theOutputsThatNeverCameAreNamed() {
        Script script = Script.named("forgotten")
                .turn(Turn.hear("a").calls(Call.to("f"), Call.to("g")).says("b"))
                .turn(Turn.hear("c").says("d"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_1", OK);
            client.await("conversation.item.created", 2);
            assertThat(server.report().mismatches()).containsExactly("turn 1: no output of g came");

            client.say();
            client.await("response.done", 2);

            assertThat(server.report().mismatches())
                    .containsExactly(
                            "turn 1: the caller spoke before the output of g came", "turn 1: no output of g came");
            assertThatThrownBy(() -> server.connection(0).awaitFinished(Duration.ofMillis(10)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("the script was not played to its end within PT0.01S:");
        }
    }

    @Test
    void callsThatShouldBeInterruptedAndWereNotAreAMismatch() {
        Script script = Script.named("patient")
                .turn(Turn.hear("a")
                        .then(Calls.of(Call.to("f")).expectInterruption())
                        .says("b"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.done");
            client.answer("call_1", OK);
            client.await("response.done", 2);

            assertThat(server.report().mismatches())
                    .containsExactly("turn 1: the caller should speak before the outputs are in, and did not");
        }
    }

    @Test
    void aRawMessageComesAtItsPlace() {
        Script script = Script.named("raw")
                .turn(Turn.hear("a").sends("{broken").says("b").sends("{\"type\":\"late\"}"))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("late");

            assertThat(client.types().subList(5, client.types().size()))
                    .containsExactly(
                            "conversation.item.created",
                            "broken",
                            "response.created",
                            "deltas",
                            "response.done",
                            "late");
        }
    }

    @Test
    void aFaultOfTheOtherKindOfResponseIsRefused() {
        assertThatThrownBy(() -> Speech.of("a").with(Fault.NAME_ELSEWHERE))
                .isInstanceOf(ScriptException.class)
                .hasMessage("the fault NAME_ELSEWHERE is for calls, not for speech");
        assertThatThrownBy(() -> Calls.of(Call.to("f")).with(Fault.LATE_AUDIO))
                .isInstanceOf(ScriptException.class)
                .hasMessage("the fault LATE_AUDIO is for speech, not for calls");
    }
}
