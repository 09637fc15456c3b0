package dev.parley.core;

import static dev.parley.core.OpenAiCall.OK;
import static dev.parley.core.OpenAiCall.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.Usage;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parley's own client in conversation with the rehearsal server, as OpenAI's interface has it. */
@Timeout(60)
class OpenAiConversationTest {

    private static Script longStory() {
        return Script.named("barge-in")
                .turn(Turn.hear("Tell me all.")
                        .says(Speech.of("Let me begin at the beginning.")
                                .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                                .expectInterruption()))
                .turn(Turn.hear("Enough.").says(" As you wish."))
                .build();
    }

    @Test
    void aWholeConversationPassesWithoutAViolation() {
        Script script = Script.named("whole")
                .greeting("Welcome.")
                .turn(Turn.hear("Is the doctor in, and book me.")
                        .calls(
                                Call.to("check").with("doctor", "nair").expectOk(),
                                Call.to("book").expectOk())
                        .says(" Booked."))
                .turn(Turn.hear("Thanks.").says(" Bye."))
                .build();
        try (OpenAiCall call =
                OpenAiCall.of(script, new Desk().answers("check", OK).answers("book", OK))) {
            call.session.requestResponse();
            call.awaitSaid("Welcome.");
            call.say();
            call.awaitSaid("Welcome. Booked.");
            call.say();
            call.awaitSaid("Welcome. Booked. Bye.");
            call.awaitFinished();

            call.server.assertPassed();
            assertThat(call.desk.problems).isEmpty();
            assertThat(call.desk.requests)
                    .extracting(ToolRequest::callId, ToolRequest::name, ToolRequest::argumentsJson)
                    .containsExactly(tuple("call_1", "check", "{\"doctor\":\"nair\"}"), tuple("call_2", "book", "{}"));
            assertThat(call.received("response.create")).hasSize(2);
            assertThat(call.events(ServerEvent.InputTranscript.class))
                    .extracting(ServerEvent.InputTranscript::transcript)
                    .containsExactly("Is the doctor in, and book me.", "Thanks.");
        }
    }

    @Test
    void theCallerCutsAReplyAndTheServerLearnsWhatWasHeard() {
        try (OpenAiCall call = OpenAiCall.unhurried(longStory())) {
            call.say();
            await().until(() -> call.desk.heard().length >= 48_000);
            String item = call.events(ServerEvent.OutputAudio.class).get(0).itemId();
            call.session.playedUpTo(item, Duration.ofMillis(321));
            call.say();
            await().atMost(SOON).until(() -> call.desk.said().endsWith(" As you wish."));
            call.awaitFinished();

            assertThat(call.desk.interruptions).hasSize(1);
            assertThat(call.desk.interruptions.get(0).cause()).isEqualTo(Interruption.Cause.CALLER_SPOKE);
            assertThat(call.received("conversation.item.truncate"))
                    .containsExactly(
                            "{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_1\",\"item_id\":\""
                                    + item + "\",\"content_index\":0,\"audio_end_ms\":321}");
            assertThat(call.received("response.cancel")).isEmpty();
            call.server.assertPassed();
        }
    }

    @Test
    void aPlayerThatClaimsMoreThanCameIsTruncatedToWhatCame() {
        try (OpenAiCall call = OpenAiCall.unhurried(longStory())) {
            call.say();
            await().until(() -> call.desk.heard().length >= 9_600);
            String item = call.events(ServerEvent.OutputAudio.class).get(0).itemId();
            call.session.playedUpTo(item, Duration.ofHours(1));
            // more comes after the report, so that the reply is cut before its end
            int known = call.desk.heard().length;
            await().until(() -> call.desk.heard().length > known);
            call.say();
            await().atMost(SOON).until(() -> call.desk.said().endsWith(" As you wish."));
            call.awaitFinished();

            assertThat(call.received("conversation.item.truncate")).hasSize(1);
            call.server.assertPassed();
        }
    }

    @Test
    void aReplyThatWasHeardToItsEndIsNotTruncated() {
        Script script = Script.named("heard out")
                .turn(Turn.hear("One.").says("First."))
                .turn(Turn.hear("Two.").says("Second."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.say();
            call.awaitReplies(1);
            String item = call.events(ServerEvent.OutputAudio.class).get(0).itemId();
            call.session.playedUpTo(item, Duration.ofHours(1));
            call.say();
            call.awaitSaid("First.Second.");
            call.awaitFinished();

            assertThat(call.received("conversation.item.truncate")).isEmpty();
            call.server.assertPassed();
        }
    }

    @Test
    void anInterruptionIsACancelAndThenATruncation() {
        Script script = Script.named("stop")
                .greeting(Speech.of("On and on.")
                        .soundingAs(Recording.tone(Duration.ofSeconds(60)))
                        .expectInterruption())
                .build();
        try (OpenAiCall call = OpenAiCall.unhurried(script)) {
            call.session.requestResponse();
            await().until(() -> call.desk.heard().length > 0);
            call.session.interrupt();
            call.connection().awaitReceived("conversation.item.truncate", SOON);
            call.awaitFinished();

            assertThat(call.connection().received())
                    .filteredOn(message -> message.contains("response.cancel") || message.contains("item.truncate"))
                    .containsExactly(
                            "{\"type\":\"response.cancel\"}",
                            "{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_1\",\"item_id\":\"item_1\",\"content_index\":0,"
                                    + "\"audio_end_ms\":0}");
            call.server.assertPassed();
        }
    }

    @Test
    void aCancelThatComesTooLateIsNoProblem() {
        Script script = Script.named("late cancel").greeting("Hi.").build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.connection().hold();
            call.session.requestResponse();
            call.awaitFinished();
            // the server is done, and the client has heard nothing of it
            call.connection().sendRaw("{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}");
            await().until(() -> !call.events(ServerEvent.ResponseCreated.class).isEmpty());
            call.session.interrupt();
            call.connection().awaitReceived("response.cancel", SOON);
            call.connection().release();
            await().until(() -> call.events(ServerEvent.ErrorEvent.class).size() == 1);

            assertThat(call.events(ServerEvent.ErrorEvent.class).get(0).code()).isEqualTo("response_cancel_not_active");
            assertThat(call.desk.problems).isEmpty();
        }
    }

    @Test
    void tokensAreCountedAndRateLimitsAreTold() {
        Script script = Script.named("cost")
                .greeting("Welcome.")
                .turn(Turn.hear("Is the doctor in?").says("She is."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.session.requestResponse();
            call.awaitReplies(1);
            call.say();
            call.awaitReplies(2);

            List<Usage> usage = call.events(ServerEvent.ResponseDone.class).stream()
                    .map(ServerEvent.ResponseDone::usage)
                    .toList();
            assertThat(usage).allSatisfy(each -> {
                assertThat(each.input()).isPositive();
                assertThat(each.outputAudio()).isPositive();
            });
            assertThat(usage.get(1).inputAudio()).isGreaterThan(usage.get(0).inputAudio());
            assertThat(usage.get(1).cachedInput()).isPositive();
            SessionCounters counters = call.session.counters();
            assertThat(counters.inputTokens())
                    .isEqualTo(usage.get(0).input() + usage.get(1).input());
            assertThat(counters.outputTokens())
                    .isEqualTo(usage.get(0).output() + usage.get(1).output());
            assertThat(call.events(ServerEvent.Unrecognized.class))
                    .filteredOn(event -> event.type().equals("rate_limits.updated"))
                    .hasSize(2)
                    .allMatch(event -> event.json().contains("\"remaining\""));
        }
    }
}
