package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.Transcription;
import dev.parley.core.event.TurnDetection;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.OpenAiCompatible;
import dev.parley.core.provider.Swaram;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes out, letter by letter, in each dialect. */
class ClientEventJsonTest {
    private static final Dialect SWARAM = Swaram.simple("swaram_test").dialect();
    private static final Dialect OPENAI =
            OpenAi.realtime("gpt-realtime", "sk-test").dialect();
    private static final Dialect BETA = OpenAiCompatible.at(
                    URI.create("ws://localhost:8000/v1/realtime"),
                    OpenAiCompatible.beta("beta").build(),
                    Credential.none())
            .dialect();

    private static final ToolDefinition TOOL =
            new ToolDefinition("f", "Does.", "{\"type\":\"object\",\"properties\":{}}");

    static Stream<Arguments> events() {
        return Stream.of(
                Arguments.of(SWARAM, new ClientEvent.CommitAudio(), "{'type':'input_audio_buffer.commit'}"),
                Arguments.of(SWARAM, new ClientEvent.ClearAudio(), "{'type':'input_audio_buffer.clear'}"),
                Arguments.of(SWARAM, new ClientEvent.CreateResponse(), "{'type':'response.create'}"),
                Arguments.of(SWARAM, new ClientEvent.CancelResponse(null), "{'type':'response.cancel'}"),
                Arguments.of(
                        OPENAI, new ClientEvent.CancelResponse("r"), "{'type':'response.cancel','response_id':'r'}"),
                Arguments.of(
                        SWARAM,
                        new ClientEvent.AppendAudio(ByteBuffer.wrap(new byte[] {1, 2})),
                        "{'type':'input_audio_buffer.append','audio':'AQI='}"),
                Arguments.of(SWARAM, new ClientEvent.Raw("{\"type\":\"x\"}"), "{'type':'x'}"),
                Arguments.of(
                        OPENAI,
                        new ClientEvent.TruncateItem("i1", Duration.ofNanos(1_500_999_999)),
                        "{'type':'conversation.item.truncate','item_id':'i1','content_index':0,'audio_end_ms':1500}"),
                Arguments.of(
                        OPENAI,
                        new ClientEvent.Message("user", "ഹലോ", "m1"),
                        "{'type':'conversation.item.create','item':{'id':'m1','type':'message','role':'user','content':"
                                + "[{'type':'input_text','text':'ഹലോ'}]}}"),
                Arguments.of(
                        OPENAI,
                        new ClientEvent.Message("assistant", "Hi", null),
                        "{'type':'conversation.item.create','item':{'type':'message','role':'assistant','content':"
                                + "[{'type':'output_text','text':'Hi'}]}}"),
                Arguments.of(
                        BETA,
                        new ClientEvent.Message("assistant", "Hi", null),
                        "{'type':'conversation.item.create','item':{'type':'message','role':'assistant','content':"
                                + "[{'type':'text','text':'Hi'}]}}"),
                Arguments.of(
                        OPENAI,
                        new ClientEvent.CreateResponse(ResponseOptions.builder()
                                .outOfBand()
                                .textOnly()
                                .instructions("Say so.")
                                .metadata("topic", "weather")
                                .build()),
                        "{'type':'response.create','response':{'conversation':'none','instructions':'Say so.',"
                                + "'output_modalities':['text'],'metadata':{'topic':'weather'}}}"));
    }

    @ParameterizedTest
    @MethodSource("events")
    void writes(Dialect dialect, ClientEvent event, String json) {
        assertThat(new ClientEventJson(dialect).of(event).replace('"', '\'')).isEqualTo(json);
    }

    @Test
    void anEventHasAnIdOnlyWhereErrorsNameIt() {
        ClientEvent event = new ClientEvent.CreateResponse();
        assertThat(new ClientEventJson(OPENAI).of(event, "e1"))
                .isEqualTo("{\"type\":\"response.create\",\"event_id\":\"e1\"}");
        assertThat(new ClientEventJson(SWARAM).of(event, "e1")).isEqualTo("{\"type\":\"response.create\"}");
    }

    @Test
    void theFlatSessionHasWhatIsSaidAndNothingElse() {
        assertThat(session(SWARAM, new SessionConfig("Be brief.", "mal-female", List.of(TOOL))))
                .isEqualTo(
                        "{'instructions':'Be brief.','voice':'mal-female','tools':[{'type':'function','name':'f',"
                                + "'description':'Does.','parameters':{'type':'object','properties':{}}}],'tool_choice':'auto'}");
        assertThat(session(SWARAM, new SessionConfig(null, null, List.of()))).isEqualTo("{}");
    }

    @Test
    void aChangeSaysWhatItMentionsAndNoDefault() {
        ClientEventJson json = new ClientEventJson(BETA);
        assertThat(json.of(update(
                        List.of(),
                        SessionSettings.builder()
                                .toolChoice("none")
                                .parallelToolCalls(false)
                                .build())))
                .isEqualTo("{\"type\":\"session.update\",\"session\":{\"tool_choice\":\"none\","
                        + "\"parallel_tool_calls\":false}}");
        ClientEvent.SessionUpdate toolsAlone = update(List.of(TOOL), SessionSettings.none());
        String tools = "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":\"Does.\",\"parameters\":"
                + "{\"type\":\"object\",\"properties\":{}}}]";
        assertThat(json.of(toolsAlone)).isEqualTo("{\"type\":\"session.update\",\"session\":{" + tools + "}}");
        assertThat(json.first(toolsAlone))
                .isEqualTo("{\"type\":\"session.update\",\"session\":{" + tools + ",\"tool_choice\":\"auto\"}}");
    }

    private static ClientEvent.SessionUpdate update(List<ToolDefinition> tools, SessionSettings settings) {
        return new ClientEvent.SessionUpdate(new SessionConfig(null, null, tools, settings));
    }

    @Test
    void theNestedSessionHasItsAudioSettingsInTheirPlaces() {
        SessionSettings settings = SessionSettings.builder()
                .transcription(Transcription.by("gpt-4o-transcribe").in("ml"))
                .turnDetection(TurnDetection.serverVad()
                        .threshold(0.5)
                        .silence(Duration.ofMillis(700))
                        .prefixPadding(Duration.ofMillis(300))
                        .idleTimeout(Duration.ofSeconds(6)))
                .noiseReduction("near_field")
                .speed(1.25)
                .maxOutputTokens(500)
                .parallelToolCalls(false)
                .build();
        assertThat(session(OPENAI, new SessionConfig("Be brief.", "marin", List.of(TOOL), settings)))
                .isEqualTo(
                        "{'type':'realtime','instructions':'Be brief.','audio':{'input':{'format':{'type':'audio/pcm',"
                                + "'rate':24000},'noise_reduction':{'type':'near_field'},'transcription':{'model':"
                                + "'gpt-4o-transcribe','language':'ml'},'turn_detection':{'type':'server_vad','threshold':0.5,"
                                + "'prefix_padding_ms':300,'silence_duration_ms':700,'idle_timeout_ms':6000}},"
                                + "'output':{'format':{'type':'audio/pcm','rate':24000},'voice':'marin',"
                                + "'speed':1.25}},'tools':[{'type':'function','name':'f','description':'Does.','parameters':{'type':"
                                + "'object','properties':{}}}],'tool_choice':'auto','parallel_tool_calls':false,"
                                + "'max_output_tokens':500}");
    }

    @Test
    void whatIsClearedIsNullAndWhatIsLeftAloneIsAbsent() {
        SessionSettings settings = SessionSettings.builder().manualTurns().build();
        assertThat(session(OPENAI, new SessionConfig(null, null, List.of(), settings)))
                .isEqualTo("{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm','rate':24000},"
                        + "'turn_detection':null},'output':{'format':{'type':'audio/pcm','rate':24000}}}}");
    }

    @Test
    void theBetaSessionIsFlatWithTheOlderNames() {
        SessionSettings settings = SessionSettings.builder()
                .textOnly()
                .transcription(Transcription.by("whisper-1"))
                .turnDetection(TurnDetection.semanticVad().eagerness("low"))
                .unlimitedOutputTokens()
                .build();
        assertThat(session(BETA, new SessionConfig(null, "alloy", List.of(), settings)))
                .isEqualTo(
                        "{'modalities':['text'],'voice':'alloy','input_audio_transcription':{'model':'whisper-1'},"
                                + "'turn_detection':{'type':'semantic_vad','eagerness':'low'},'max_response_output_tokens':'inf'}");
    }

    @Test
    void whatOnlyOneServerHasIsLaidOver() {
        SessionSettings settings = SessionSettings.builder()
                .extra("{\"truncation\":{\"type\":\"retention_ratio\",\"retention_ratio\":0.8},"
                        + "\"audio\":{\"output\":{\"model\":\"tts-2\"}},\"prompt\":null}")
                .build();
        assertThat(session(OPENAI, new SessionConfig(null, null, List.of(), settings)))
                .isEqualTo("{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm','rate':24000}},'output':"
                        + "{'format':{'type':'audio/pcm','rate':24000},'model':'tts-2'}},'truncation':{'type':"
                        + "'retention_ratio','retention_ratio':0.8},'prompt':null}");
        assertThatThrownBy(() -> session(
                        OPENAI,
                        new SessionConfig(
                                null,
                                null,
                                List.of(),
                                SessionSettings.builder().extra("[1]").build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the settings' extra must be a JSON object, such as {\"truncation\":\"auto\"}");
    }

    @Test
    void whatIsLaidOverReplacesMembersOneByOneAndClearsWithNull() {
        SessionSettings settings = SessionSettings.builder()
                .speed(1.25)
                .turnDetection(TurnDetection.serverVad().threshold(0.5))
                .extra("{\"audio\":{\"input\":{\"turn_detection\":{\"threshold\":0.75}},\"output\":{\"speed\":null}},"
                        + "\"temperature\":0.80000000000000001}")
                .build();
        assertThat(session(OPENAI, new SessionConfig(null, null, List.of(), settings)))
                .isEqualTo("{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm','rate':24000},"
                        + "'turn_detection':{'type':'server_vad','threshold':0.75}},'output':{'format':{'type':'audio/pcm',"
                        + "'rate':24000},'speed':null}},'temperature':0.80000000000000001}");
    }

    @Test
    void whatIsLaidOverMustBeOneObject() {
        for (String extra : List.of("{\"a\":1} {\"b\":2}", "{\"a\":1", "", "nonsense")) {
            SessionSettings settings = SessionSettings.builder().extra(extra).build();
            assertThatThrownBy(() -> session(OPENAI, new SessionConfig(null, null, List.of(), settings)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the settings' extra ");
        }
    }

    private static String session(Dialect dialect, SessionConfig config) {
        return SessionJson.of(dialect, config, null).replace('"', '\'');
    }
}
