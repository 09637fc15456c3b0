package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls that the model asks for, from the wire to their part and back. */
@Timeout(60)
class SessionCallsTest extends SessionStage {
    @Test
    void handsACallToItsPartAndSendsItsOutputWithoutAskingForAReply() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'resp_1'}}",
                    "{'type':'response.function_call_arguments.done','response_id':'resp_1','call_id':'call_1',"
                            + "'name':'look_up','arguments':'{}'}",
                    "{'type':'response.done','response':{'id':'resp_1','status':'completed'}}");
            await().until(() -> recorded.requests.size() == 1);
            assertThat(recorded.requests.get(0)).isEqualTo(new ToolRequest("call_1", "look_up", "{}", "resp_1"));
            recorded.answer("call_1", "{\"ok\":true}");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\","
                            + "\"call_id\":\"call_1\",\"output\":\"{\\\"ok\\\":true}\"}}");
            session.send(new ClientEvent.ClearAudio());
            assertThat(provider.next()).contains("clear");
        }
    }

    @Test
    void anOutputThatNoSocketTakesIsAnErrorToTheModelAndTheSessionGoesOn() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.function_call_arguments.done','response_id':'resp_1','call_id':'call_1',"
                    + "'name':'look_up','arguments':'{}'}");
            await().until(() -> recorded.requests.size() == 1);
            recorded.answer("call_1", "\"" + "മ".repeat(3_000_000) + "\"");
            assertThat(provider.nextJson().at("/item/output").asText())
                    .isEqualTo(
                            "{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the tool has run, and its result is"
                                    + " too long to be sent: 9000109 bytes, of at most 8388608. Do not call it again for the same;"
                                    + " ask for less\"}}");
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems)
                    .containsExactly(new Problem(
                            Problem.Kind.CALL_UNANSWERABLE,
                            "the output of the tool look_up is too long to be sent: 9000109 bytes as JSON. The model was told"
                                    + " so instead; let the tool return less"));
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aCallThatComesBeforeTheConfigurationIsConfirmedGetsItsOutputOnceItIs() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        assertThat(provider.next()).contains("session.update");
        provider.send(
                "{'type':'response.created','response':{'id':'r'}}",
                "{'type':'response.function_call_arguments.done','response_id':'r','call_id':'c1','name':'look_up',"
                        + "'arguments':'{}'}",
                "{'type':'response.done','response':{'id':'r','status':'completed'}}");
        await().until(() -> recorded.requests.size() == 1);
        recorded.answer("c1", "7");
        provider.send("{'type':'session.updated'}");
        try (VoiceSession session = connecting.join()) {
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\","
                            + "\"call_id\":\"c1\",\"output\":\"7\"}}");
            assertThat(recorded.problems).isEmpty();
        }
    }

    @Test
    void takesTheNameOfACallFromAnyEventThatHasIt() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r'}}",
                    // The name comes before, with the item.
                    "{'type':'response.output_item.added','response_id':'r','item':{'id':'i1','type':'function_call',"
                            + "'call_id':'c1','name':'look_up'}}",
                    "{'type':'response.function_call_arguments.done','response_id':'r','item_id':'i1','arguments':'{1}'}",
                    // The name comes after, with the item.
                    "{'type':'response.function_call_arguments.done','response_id':'r','call_id':'c2','arguments':'{2}'}",
                    "{'type':'conversation.item.created','item':{'type':'function_call','call_id':'c2','name':'look_up'}}",
                    // The name comes never.
                    "{'type':'response.function_call_arguments.done','response_id':'r','call_id':'c3','arguments':'{3}'}",
                    // No id at all: nothing could be answered.
                    "{'type':'response.function_call_arguments.done','response_id':'r','name':'look_up','arguments':'{4}'}",
                    "{'type':'response.done','response':{'id':'r','status':'completed'}}",
                    "{'type':'response.output_item.done','response_id':'r','item':{'id':'i1','type':'function_call',"
                            + "'call_id':'c1','name':'look_up','arguments':'{1}'}}");
            await().until(() -> recorded.part.contains("OutputItem")
                    && recorded.part.lastIndexOf("OutputItem") > recorded.part.indexOf("ResponseDone"));
            assertThat(recorded.requests)
                    .containsExactly(
                            new ToolRequest("c1", "look_up", "{1}", "r"),
                            new ToolRequest("c2", "look_up", "{2}", "r"),
                            new ToolRequest("c3", "", "{3}", "r"));
            assertThat(recorded.problems).extracting(Problem::kind).containsExactly(Problem.Kind.CALL_UNANSWERABLE);
        }
    }

    @Test
    void aCallThatOnlyItsItemTellsIsACallAndIsOneCall() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r'}}",
                    "{'type':'conversation.item.done','item':{'id':'i1','type':'function_call','status':'completed',"
                            + "'call_id':'c1','name':'look_up','arguments':'{}'}}",
                    "{'type':'response.function_call_arguments.done','item_id':'i1','call_id':'c1','name':'look_up',"
                            + "'arguments':'{}'}",
                    "{'type':'response.output_item.added','response_id':'r','item':{'id':'i2','type':'function_call',"
                            + "'call_id':'c2','name':'look_up'}}",
                    "{'type':'response.done','response':{'id':'r','status':'completed'},'error':null}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            await().until(() -> recorded.requests.size() == 2);
            assertThat(recorded.requests).extracting(ToolRequest::callId).containsExactly("c1", "c2");
        }
    }

    @Test
    void masksSensitiveArgumentsForEverybodyButTheToolItself() {
        recorded.tools = List.of(new ToolDefinition("cancel", "", "{}", Set.of("phone", "who.phones")));
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.function_call_arguments.done','call_id':'c1','name':'cancel','arguments':"
                    + "'{\\'phone\\':\\'98470\\',\\'who\\':{\\'name\\':\\'Meera\\',\\'phones\\':[1,2]}}'}");
            await().until(() -> recorded.requests.size() == 1);
            ToolRequest request = recorded.requests.get(0);
            assertThat(request.argumentsJson())
                    .isEqualTo("{\"phone\":\"98470\",\"who\":{\"name\":\"Meera\",\"phones\":[1,2]}}");
            String masked = "{\"phone\":\"***\",\"who\":{\"name\":\"Meera\",\"phones\":\"***\"}}";
            recorded.handle.report(new ToolOutcome(request, true, null, "{}", Duration.ZERO));
            await().until(() -> recorded.told.contains("outcome cancel " + masked));
            assertThat(recorded.told).contains("request cancel " + masked);
            assertThat(recorded.part).contains("outcome cancel " + masked);
            assertThat(((ServerEvent.FunctionCallArguments) recorded.events.get(recorded.events.size() - 1))
                            .arguments())
                    .isEqualTo(masked);
        }
    }

    @Test
    void masksWhatNoPathCanReach() {
        recorded.tools = List.of(new ToolDefinition("cancel", "", "{}", Set.of("phone")));
        try (VoiceSession session = agent().build().connect()) {
            for (String arguments : List.of("\\\"{'phone':1}\\\"", "['98470']", "{oops", "7")) {
                provider.send(
                        "{'type':'response.function_call_arguments.done','call_id':'c','name':'cancel','arguments':"
                                + "'" + arguments.replace("'", "\\'") + "'}");
            }
            provider.send("{'type':'response.function_call_arguments.done','call_id':'c','name':'cancle','arguments':"
                    + "'{\\'phone\\':1}'}");
            await().until(() -> recorded.requests.size() == 5);
            await().until(() -> recorded.told.stream()
                            .filter(line -> line.startsWith("request"))
                            .count()
                    == 5);
            assertThat(recorded.told.stream().filter(line -> line.startsWith("request")))
                    .allMatch(line -> line.endsWith(" \"***\""));
        }
    }

    @Test
    void holdsAnOutputThatBecomesReadyWhileTheCallerHasTheFloor() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        ManualClock clock = new ManualClock();
        try (VoiceSession session = agent().clock(clock).build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    call("r1", "c1"),
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}",
                    "{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.part.contains("SpeechStarted"));
            recorded.answer("c1", "1");
            provider.send(
                    "{'type':'input_audio_buffer.speech_stopped'}",
                    "{'type':'response.created','response':{'id':'r2'}}",
                    call("r2", "c2"));
            await().until(() -> recorded.requests.size() == 2);
            // The reply to the caller cannot go on without its own call's output.
            recorded.answer("c2", "2");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
            provider.send("{'type':'response.done','response':{'id':'r2','status':'completed'}}");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
            // A cough: no reply comes, and the output waits ten seconds at most.
            provider.send("{'type':'response.created','response':{'id':'r3'}}", call("r3", "c3"));
            provider.send("{'type':'response.done','response':{'id':'r3'}}");
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}", "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.requests.size() == 3
                    && recorded.part.lastIndexOf("SpeechStopped") > recorded.part.lastIndexOf("ResponseDone"));
            recorded.answer("c3", "3");
            await().until(() -> clock.waiting() > 0);
            assertThat(provider.unread()).isZero();
            clock.advance(Duration.ofSeconds(10));
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c3");
        }
    }

    @Test
    void theFloorIsFreeTenSecondsAfterACough() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        ManualClock clock = new ManualClock();
        try (VoiceSession session = agent().clock(clock).build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    call("r1", "c1"),
                    call("r1", "c2"),
                    call("r1", "c3"),
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}",
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.part.contains("SpeechStopped"));
            recorded.answer("c1", "1");
            recorded.answer("c2", "2");
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).contains("marker");
            clock.advance(Duration.ofSeconds(10));
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
            recorded.answer("c3", "3");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c3");
        }
    }

    private static String call(String response, String call) {
        return "{'type':'response.function_call_arguments.done','response_id':'" + response + "','call_id':'" + call
                + "','name':'look_up','arguments':'{}'}";
    }
}
