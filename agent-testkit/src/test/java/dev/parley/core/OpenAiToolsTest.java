package dev.parley.core;

import static dev.parley.core.OpenAiCall.OK;
import static dev.parley.core.OpenAiCall.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools on the wire where the client asks for the reply to their outputs: every call answered once, one request for each. */
@Timeout(60)
class OpenAiToolsTest {

    @ParameterizedTest
    @CsvSource({"call_1, call_2, call_3", "call_3, call_2, call_1", "call_2, call_3, call_1"})
    void parallelCallsAreFollowedByOneRequestInWhateverOrderTheyEnd(String first, String second, String third) {
        List<String> order = List.of(first, second, third);
        Script script = Script.named("three at once")
                .turn(Turn.hear("All three.")
                        .calls(
                                Call.to("check").expectOk(),
                                Call.to("book").expectOk(),
                                Call.to("check").expectOk())
                        .says("Done."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.say();
            await().until(() -> call.desk.requests.size() == 3);
            for (String callId : order) {
                assertThat(call.received("response.create")).isEmpty();
                call.desk.answer(callId, OK);
            }
            call.awaitSaid("Done.");
            call.awaitFinished();

            assertThat(call.received("response.create")).hasSize(1);
            assertThat(call.received("conversation.item.create"))
                    .extracting(message -> message.replaceAll(".*\"call_id\":\"([^\"]*)\".*", "$1"))
                    .isEqualTo(order);
            call.server.assertPassed();
        }
    }

    @Test
    void callsAfterCallsAreEachFollowedByTheirRequest() {
        Script script = Script.named("chain")
                .turn(Turn.hear("Book it.")
                        .calls(Call.to("check").expectOk())
                        .calls(Call.to("book").expectOk())
                        .says("Done."))
                .build();
        try (OpenAiCall call =
                OpenAiCall.of(script, new Desk().answers("check", OK).answers("book", OK))) {
            call.say();
            call.awaitSaid("Done.");
            call.awaitFinished();

            assertThat(call.received("response.create")).hasSize(2);
            call.server.assertPassed();
        }
    }

    @Test
    void anOutputThatComesAfterTheCallerSpokeIsDeliveredAndSpokenOf() {
        Script script = Script.named("slow tool")
                .turn(Turn.hear("Book it.")
                        .then(Calls.of(Call.to("book").expectOk()).expectInterruption())
                        .says(" Booked by the way."))
                .turn(Turn.hear("And hurry.").says("I am at it."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.say();
            await().until(() -> call.desk.requests.size() == 1);
            call.say();
            call.awaitSaid("I am at it.");
            call.desk.answer("call_1", OK);
            call.awaitSaid("I am at it. Booked by the way.");
            call.awaitFinished();

            assertThat(call.received("response.create")).hasSize(1);
            call.server.assertPassed();
        }
    }

    @Test
    void anOutputWithinTheCallersTurnIsAnsweredByTheServersOwnReply() {
        Script script = Script.named("output meanwhile")
                .turn(Turn.hear("Book it.")
                        .then(Calls.of(Call.to("book").expectOk()).expectInterruption())
                        .says("Not said, since the next reply knows the output."))
                .turn(Turn.hear("And hurry.").says("It is booked."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script)) {
            call.say();
            await().until(() -> call.desk.requests.size() == 1);
            call.session.appendAudio(OpenAiCall.line().pcm16());
            await().until(() -> call.events(ServerEvent.SpeechStarted.class).size() == 2);
            call.desk.answer("call_1", OK);
            call.connection().awaitReceived("conversation.item.create", SOON);
            call.session.appendAudio(Recording.silence(Duration.ofMillis(600)).pcm16());
            call.awaitSaid("It is booked.");
            call.awaitReplies(2);
            call.awaitFinished();

            assertThat(call.received("response.create")).isEmpty();
            call.server.assertPassed();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachCallIsAnsweredOnceWhateverIsWrongWithIt(Fault fault) {
        Optional<Script> script = FaultyCalls.with(fault);
        if (script.isEmpty()) {
            return;
        }
        try (OpenAiCall call =
                OpenAiCall.of(script.get(), new Desk().answers("check", OK).answers("book", OK))) {
            call.say();
            call.awaitSaid("Done.");
            call.awaitFinished();

            assertThat(call.desk.requests).extracting(ToolRequest::name).containsExactly("check", "book");
            assertThat(call.received("response.create")).hasSize(1);
            call.server.assertPassed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"incomplete", "cancelled"})
    void aCallWhoseItemEndsUnfinishedDoesNotRun(String status) {
        String item = "\"item\":{\"id\":\"item_x\",\"type\":\"function_call\",\"name\":\"book\",\"call_id\":\"call_x\"";
        Script script = Script.named("unfinished call")
                .turn(Turn.hear("a").says("Well."))
                .build();
        try (OpenAiCall call = OpenAiCall.of(script, new Desk().answers("book", OK))) {
            for (String event : List.of(
                    "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_x\"}}",
                    "{\"type\":\"response.output_item.added\",\"response_id\":\"resp_x\"," + item
                            + ",\"status\":\"in_progress\",\"arguments\":\"\"}}",
                    "{\"type\":\"response.function_call_arguments.done\",\"response_id\":\"resp_x\","
                            + "\"item_id\":\"item_x\",\"call_id\":\"call_x\",\"name\":\"book\",\"arguments\":\"{\\\"da\"}",
                    "{\"type\":\"response.output_item.done\",\"response_id\":\"resp_x\"," + item + ",\"status\":\""
                            + status + "\",\"arguments\":\"{\\\"da\"}}",
                    "{\"type\":\"response.done\",\"response\":{\"id\":\"resp_x\",\"status\":\"" + status
                            + "\",\"output\":[{\"id\":\"item_x\",\"type\":\"function_call\",\"name\":\"book\","
                            + "\"call_id\":\"call_x\",\"status\":\"" + status + "\",\"arguments\":\"{\\\"da\"}]}}")) {
                call.connection().sendRaw(event);
            }
            call.awaitReplies(1);
            call.say();
            call.awaitSaid("Well.");
            call.awaitFinished();

            assertThat(call.desk.requests).isEmpty();
            assertThat(call.desk.problems).isEmpty();
            assertThat(call.received("conversation.item.create")).isEmpty();
            assertThat(call.received("response.create")).isEmpty();
            call.server.assertPassed();
        }
    }
}
