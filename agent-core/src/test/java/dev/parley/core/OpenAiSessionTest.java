package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session does with a server that is asked to reply, and that can cut its items. */
@Timeout(60)
class OpenAiSessionTest extends SessionStage {
    @Override
    VoiceAgent.Builder agent() {
        return super.agent().provider(openAi());
    }

    @Test
    void parallelCallsAreAnsweredAtOnceAndOneReplyIsAskedFor() {
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            for (String id : List.of("c1", "c2")) {
                provider.send(
                        "{'type':'response.function_call_arguments.done','response_id':'r1','item_id':'i" + id
                                + "','call_id':'" + id + "','name':'book','arguments':'{}'}",
                        "{'type':'response.output_item.done','response_id':'r1','item':{'id':'i" + id
                                + "','type':'function_call','status':'completed','call_id':'" + id
                                + "','name':'book','arguments':'{}'}}");
            }
            await().until(() -> recorded.requests.size() == 2);
            recorded.answer("c2", "{\"ok\":true}");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
            provider.send("{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            recorded.answer("c1", "{\"ok\":true}");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void textIsSaidAndItsReplyAskedFor() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            session.sendText("Is Dr Nair in?");
            assertThat(provider.next())
                    .isEqualTo(
                            "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
                                    + "\"content\":[{\"type\":\"input_text\",\"text\":\"Is Dr Nair in?\"}]}}");
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.create\",\"event_id\":\"parley_1\"}");
        }
    }

    @Test
    void aReplyWithOptionsOfItsOwnIsAskedForAsItIs() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            session.requestResponse(ResponseOptions.builder()
                    .outOfBand()
                    .textOnly()
                    .instructions("Sum up.")
                    .metadata("topic", "summary")
                    .build());
            assertThat(provider.nextJson().at("/response").toString())
                    .isEqualTo(
                            "{\"conversation\":\"none\",\"instructions\":\"Sum up.\",\"output_modalities\":[\"text\"],"
                                    + "\"metadata\":{\"topic\":\"summary\"}}");
        }
    }

    @Test
    void interruptStopsWhatIsSpokenBesideTheConversationAndLeavesWhatIsWrittenAlone() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            for (String aside : List.of("r2", "r3")) {
                session.requestResponse(ResponseOptions.builder()
                        .outOfBand()
                        .instructions(aside)
                        .build());
                provider.next();
            }
            provider.send(
                    "{'type':'response.created','response':{'id':'r1','conversation_id':'conv_1'}}",
                    "{'type':'response.created','response':{'id':'r2','conversation_id':null}}",
                    "{'type':'response.created','response':{'id':'r3','conversation_id':null}}");
            provider.sendAudio("r2", "i2", 4_800);
            await().until(() -> recorded.part.contains("OutputAudio"));
            session.interrupt();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\",\"response_id\":\"r2\"}");
            provider.send(
                    "{'type':'response.done','response':{'id':'r2','status':'cancelled'}}",
                    "{'type':'response.done','response':{'id':'r1','status':'cancelled'}}",
                    "{'type':'response.done','response':{'id':'r3','status':'completed'}}");
            await().until(() ->
                    recorded.part.stream().filter("ResponseDone"::equals).count() == 3);
            assertThat(recorded.problems).isEmpty();
        }
    }

    @Test
    void aServerThatNeverNamesAConversationIsAskedForOneReplyAtATimeAllTheSame() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1','conversation_id':null}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            assertThat(recorded.events).endsWith(new ServerEvent.ResponseCreated("r1"));
            session.requestResponse();
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
            provider.send("{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
        }
    }

    @Test
    void aReplyIsOutsideOfTheConversationIfOneWasAskedForThereInWhateverWayAndNotRefused() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            session.requestResponse(ResponseOptions.builder()
                    .outOfBand()
                    .instructions("Sum up.")
                    .build());
            assertThat(provider.nextJson().at("/event_id").asText()).isEqualTo("parley_1");
            provider.send(
                    "{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value','event_id':'parley_1'}}",
                    "{'type':'response.created','response':{'id':'r1','conversation_id':null}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            assertThat(recorded.events).endsWith(new ServerEvent.ResponseCreated("r1"));
            session.send(
                    new ClientEvent.Raw("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}"));
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r2','conversation_id':null}}");
            await().until(() ->
                    recorded.part.stream().filter("ResponseCreated"::equals).count() == 2);
            assertThat(recorded.events).endsWith(new ServerEvent.ResponseCreated("r2", true));
        }
    }

    @Test
    void settingsChangeInTheMiddleOfASessionAndTheNextConnectionHasThem() {
        VoiceAgent agent = agent().reconnect(ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO))
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            session.send(new ClientEvent.SessionUpdate(new SessionConfig("Be brief.", null, List.of())));
            assertThat(provider.nextJson().at("/session/instructions").asText()).isEqualTo("Be brief.");
            provider.socket().close(1011, null);
            JsonNode again = provider.nextJson();
            assertThat(again.at("/session/instructions").asText()).isEqualTo("Be brief.");
            assertThat(again.at("/session/audio/input/transcription/model").asText())
                    .isEqualTo("gpt-4o-transcribe");
        }
    }

    @Test
    void howToolsAreChosenChangesWithoutTheToolsAndStaysWhenTheyChange() {
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        VoiceAgent agent = agent().reconnect(ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO))
                .build();
        try (VoiceSession session = agent.connect()) {
            assertThat(provider.nextJson().at("/session/tool_choice").asText()).isEqualTo("auto");
            SessionSettings noTools =
                    SessionSettings.builder().toolChoice("none").build();
            session.send(new ClientEvent.SessionUpdate(new SessionConfig(null, null, List.of(), noTools)));
            JsonNode choice = provider.nextJson();
            assertThat(choice.at("/session/tool_choice").asText()).isEqualTo("none");
            assertThat(choice.at("/session/tools").isMissingNode()).isTrue();
            session.send(new ClientEvent.SessionUpdate(
                    new SessionConfig(null, null, List.of(new ToolDefinition("move", "", "{}")))));
            JsonNode tools = provider.nextJson();
            assertThat(tools.at("/session/tools/0/name").asText()).isEqualTo("move");
            assertThat(tools.at("/session/tool_choice").isMissingNode()).isTrue();
            provider.socket().close(1011, null);
            JsonNode again = provider.nextJson();
            assertThat(again.at("/session/tools/0/name").asText()).isEqualTo("move");
            assertThat(again.at("/session/tool_choice").asText()).isEqualTo("none");
        }
    }

    @Test
    void aSessionThatExpiredGoesOnWithAnother() {
        VoiceAgent agent = agent().reconnect(ReconnectPolicy.exponential().delays(Duration.ZERO, Duration.ZERO))
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'session_expired','message':"
                    + "'Your session hit the maximum duration of 60 minutes.'}}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("session.update");
            await().until(() -> session.counters().reconnects() == 1);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void anErrorThatEndsTheAccountEndsTheSessionThoughNoCloseFollows() {
        ManualClock clock = new ManualClock();
        VoiceSession session = agent().clock(clock).build().connect();
        provider.next();
        provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'insufficient_quota'}}");
        await().until(() -> !recorded.problems.isEmpty());
        clock.advance(Duration.ofSeconds(2));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(session.closeReason().error()).isInstanceOf(OutOfCreditsException.class);
    }

    @Test
    void anItemThatTheServerCannotCutIsNoProblem() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 48_000);
            await().until(() -> recorded.part.contains("OutputAudio"));
            session.interrupt();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.cancel");
            JsonNode truncate = provider.nextJson();
            assertThat(truncate.at("/type").asText()).isEqualTo("conversation.item.truncate");
            assertThat(truncate.at("/audio_end_ms").asInt()).isZero();
            provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value','message':"
                    + "'Audio content of 0ms is already shorter than 0ms','event_id':'"
                    + truncate.at("/event_id").asText() + "'}}");
            provider.send("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value'}}");
            await().until(() -> !recorded.problems.isEmpty());
            // The second, which answers nothing that is harmless, is the only one told.
            assertThat(recorded.problems).hasSize(1);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void settingsThatCannotBeWrittenShowWhereTheyAreMade() {
        VoiceAgent.Builder agent =
                provider.agent().settings(SessionSettings.builder().extra("[1]").build());
        assertThatThrownBy(agent::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the settings' extra must be a JSON object, such as {\"truncation\":\"auto\"}");
    }
}
