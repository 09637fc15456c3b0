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
import dev.parley.core.provider.AzureOpenAi;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.OpenAiCompatible;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session does with a server that is asked to reply, and that can cut its items. */
@Timeout(60)
class OpenAiSessionTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        provider.close();
    }

    private VoiceAgent.Builder agent() {
        return VoiceAgent.builder()
                .provider(OpenAi.realtime("gpt-realtime", "sk-test")
                        .endpoint(provider.provider().endpoint()))
                .with(recorded)
                .listener(recorded);
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
    void aTurnThatIsEndedByHandGoesBehindItsAudioAndItsReplyIsAskedFor() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            assertThat(provider.nextJson()
                            .at("/session/audio/input/turn_detection")
                            .isNull())
                    .isTrue();
            session.appendAudio(ProviderDouble.pcm(4_800));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"parley_commit_1\"}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            session.clearAudio();
            assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.clear\"}");
        }
    }

    @Test
    void aButtonThatWasOnlyTappedIsNotRepliedToAndTheListenerIsTold() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(4_798));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_1");
            provider.send("{'type':'error','error':{'type':'invalid_request_error',"
                    + "'code':'input_audio_buffer_commit_empty','event_id':'parley_commit_1'}}");
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems)
                    .containsExactly(new Problem(
                            Problem.Kind.PROVIDER_ERROR,
                            "OpenAI refused the caller's turn (input_audio_buffer_commit_empty), so no reply to it is asked"
                                    + " for. Too little of a voice came before it; for a button that was only tapped there is"
                                    + " clearAudio()"));
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
            // What was too short for one turn is none of the next.
            session.appendAudio(ProviderDouble.pcm(4_798));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_2");
            provider.send("{'type':'conversation.item.added','item':{'id':'i1','type':'message','role':'user',"
                    + "'content':[{'type':'input_audio','transcript':null}]}}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
        }
    }

    @Test
    void aReplyThatWasAskedForBesideATurnThatIsRefusedIsCancelledBeforeItsFirstWord() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(4_800));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_1");
            assertThat(provider.next()).startsWith("{\"type\":\"response.create\"");
            provider.send(
                    "{'type':'error','error':{'type':'invalid_request_error',"
                            + "'code':'input_audio_buffer_commit_empty','event_id':'parley_commit_1'}}",
                    "{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 100);
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            await().until(() -> session.counters().lateAudioDropped() == 100);
            assertThat(recorded.problems).hasSize(1);
        }
    }

    @Test
    void aTurnThatTheServerRepliesToByItselfIsCommittedAndNoMore() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            session.commitAudio();
            session.interrupt();
            session.clearAudio();
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"parley_commit_1\"}");
            assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.clear\"}");
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
    void azureIsReachedAtItsOwnAddressWithItsOwnHeader() {
        URI resource =
                URI.create("ws://localhost:" + provider.provider().endpoint().getPort());
        VoiceAgent agent = VoiceAgent.builder()
                .provider(AzureOpenAi.deployment(resource, "my-voice", "azure-key"))
                .build();
        try (VoiceSession session = agent.connect()) {
            var handshake = provider.handshakes.get(0);
            assertThat(handshake.getTarget()).isEqualTo("/openai/v1/realtime?model=my-voice");
            assertThat(handshake.getHeaders().get("api-key")).isEqualTo("azure-key");
            assertThat(handshake.getHeaders().get("Authorization")).isNull();
            assertThat(handshake.getHeaders().get("OpenAI-Beta")).isNull();
            assertThat(provider.nextJson().at("/session/type").asText()).isEqualTo("realtime");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aServerThatCannotCancelIsNotAskedToAndItsReplyIsNotHeardOut() {
        Dialect stubborn = OpenAiCompatible.beta("mine")
                .cancels(false)
                .cancelsWhenCallerSpeaks(false)
                .truncates(false)
                .build();
        VoiceAgent agent = agent().provider(
                        OpenAiCompatible.at(provider.provider().endpoint(), stubborn, Credential.none()))
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> recorded.part.contains("OutputAudio"));
            session.interrupt();
            await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("interrupted")));
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> session.counters().lateAudioDropped() == 4_800);
            assertThatThrownBy(() -> session.send(new ClientEvent.CancelResponse(null)))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine has no response.cancel: call interrupt(), which silences the reply all the same");
            assertThat(provider.unread()).isZero();
            assertThat(recorded.problems).isEmpty();
        }
    }

    @Test
    void aCompatibleServerIsSpokenToByItsOwnFacts() {
        Dialect flat = OpenAiCompatible.beta("mine")
                .truncates(false)
                .takesText(false)
                .completesItems(false)
                .locksConfiguration(true)
                .build();
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        VoiceAgent agent = VoiceAgent.builder()
                .provider(OpenAiCompatible.at(provider.provider().endpoint(), flat, Credential.none())
                        .model("my-model"))
                .voice("alloy")
                .with(recorded)
                .build();
        try (VoiceSession session = agent.connect()) {
            assertThat(provider.handshakes.get(0).getTarget()).isEqualTo("/v1/realtime?model=my-model");
            assertThat(provider.handshakes.get(0).getHeaders().get("OpenAI-Beta"))
                    .isEqualTo("realtime=v1");
            assertThat(provider.nextJson().at("/session/voice").asText()).isEqualTo("alloy");
            assertThatThrownBy(() -> session.sendText("hello"))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine takes no text from the user: send the caller's voice with appendAudio");
            assertThatThrownBy(() -> session.send(
                            new ClientEvent.SessionUpdate(new SessionConfig("Be brief.", null, List.of()))))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("mine fixes the configuration once the session is ready: set it on the agent");
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.audio.delta','response_id':'r1','item_id':'i1','delta':'" + "A".repeat(4_000)
                            + "'}",
                    "{'type':'response.function_call_arguments.done','response_id':'r1','call_id':'c1','name':'book',"
                            + "'arguments':'{}'}");
            await().until(() -> recorded.requests.size() == 1);
            session.interrupt();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.cancel");
            recorded.answer("c1", "{}");
            assertThat(provider.nextJson().at("/item/type").asText()).isEqualTo("function_call_output");
        }
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
