package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.Usage;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private final EventCodec codec = new EventCodec();

    static Stream<Arguments> serverEvents() {
        Item user = new Item("i1", "message", "user", null, "എന്താ", null, null, null);
        Item call = new Item("i2", "function_call", null, "completed", "", "c1", "f", "{\"a\":1}");
        return Stream.of(
                event("{'type':'session.created','session':{'id':'s1'}}", new ServerEvent.SessionCreated("s1")),
                event("{'type':'session.created'}", new ServerEvent.SessionCreated(null)),
                event(
                        "{'session':{'tools':[{'name':'x'}],'id':'s1'},'type':'session.updated'}",
                        new ServerEvent.SessionUpdated("s1")),
                event(
                        "{'type':'input_audio_buffer.speech_started','item_id':'i1','audio_start_ms':120}",
                        new ServerEvent.SpeechStarted("i1", 120L)),
                event(
                        "{'type':'input_audio_buffer.speech_started','audio_start_ms':'soon'}",
                        new ServerEvent.SpeechStarted(null, null)),
                event(
                        "{'type':'input_audio_buffer.speech_stopped','audio_end_ms':1.5e3}",
                        new ServerEvent.SpeechStopped(null, 1500L)),
                event(
                        "{'type':'conversation.item.input_audio_transcription.completed','item_id':'i1','transcript':'എന്താ'}",
                        new ServerEvent.InputTranscript("i1", "എന്താ")),
                event(
                        "{'type':'conversation.item.created','item':{'id':'i1','type':'message',"
                                + "'role':'user','content':[{'type':'input_audio','transcript':'എ'},7,{'text':'ന്താ','x':{}}]}}",
                        new ServerEvent.ItemCreated(user)),
                event(
                        "{'type':'conversation.item.added','item':{'id':'i1','type':'message','role':'user','content':[{'text':'എന്താ'}]}}",
                        new ServerEvent.ItemCreated(user)),
                event(
                        "{'type':'response.created','response':{'id':'r1','status':'in_progress'}}",
                        new ServerEvent.ResponseCreated("r1")),
                event("{'type':'response.created','response_id':'r1'}", new ServerEvent.ResponseCreated("r1")),
                event(
                        "{'delta':'AQI=','type':'response.output_audio.delta','item_id':'i','response_id':'r'}",
                        new ServerEvent.OutputAudio("r", "i", ByteBuffer.wrap(new byte[] {1, 2}))),
                event(
                        "{'type':'response.audio.delta','delta':'AQID'}",
                        new ServerEvent.OutputAudio(null, null, ByteBuffer.wrap(new byte[] {1, 2, 3}))),
                event(
                        "{'type':'response.output_audio_transcript.delta','delta':'അ'}",
                        new ServerEvent.OutputTranscript(null, null, "അ")),
                event(
                        "{'type':'response.audio_transcript.delta','delta':''}",
                        new ServerEvent.OutputTranscript(null, null, "")),
                event(
                        "{'type':'response.function_call_arguments.done','name':'f','call_id':'c1','arguments':'{\\'a\\':1}'}",
                        new ServerEvent.FunctionCallArguments(null, null, "c1", "f", "{\"a\":1}")),
                event(
                        "{'type':'response.function_call_arguments.done','call_id':'c1','arguments':{'a':[1,{}]}}",
                        new ServerEvent.FunctionCallArguments(null, null, "c1", null, "{\"a\":[1,{}]}")),
                event(
                        "{'type':'response.function_call_arguments.done'}",
                        new ServerEvent.FunctionCallArguments(null, null, null, null, "")),
                event(
                        "{'type':'response.output_item.done','response_id':'r','item':{'id':'i2',"
                                + "'type':'function_call','status':'completed','call_id':'c1','name':'f','arguments':'{\\'a\\':1}'}}",
                        new ServerEvent.OutputItem("r", call, true)),
                event(
                        "{'type':'response.done','status':'cancelled'}",
                        new ServerEvent.ResponseDone(null, "cancelled", List.of())),
                event(
                        "{'type':'response.done','response':{'id':'r','status':'completed','usage':{'x':1},"
                                + "'output':[{'id':'i2','type':'function_call','status':'completed','call_id':'c1',"
                                + "'name':'f','arguments':'{\\'a\\':1}'}]}}",
                        new ServerEvent.ResponseDone("r", "completed", List.of(call))),
                event(
                        "{'type':'error','error':{'type':'server_error','code':'server_error','message':'m','event_id':'e1','param':null}}",
                        new ServerEvent.ErrorEvent("server_error", "server_error", "m", "e1")),
                event(
                        "{'type':'rate_limits.updated','x':1}",
                        new ServerEvent.Unrecognized(
                                "rate_limits.updated", "{\"type\":\"rate_limits.updated\",\"x\":1}")));
    }

    private static Arguments event(String json, ServerEvent event) {
        return Arguments.of(json.replace('\'', '"').replace("\\\"", "\\\""), event);
    }

    @ParameterizedTest
    @MethodSource("serverEvents")
    void reads(String json, ServerEvent event) throws Exception {
        assertThat(codec.decode(json)).isEqualTo(event);
    }

    /** Long audio messages take a way of their own through the codec; it must make no difference. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'response.output_audio.delta','response_id':'r','item_id':'i','delta':'%s'}",
                "{'delta' :\n '%s', 'item_id':'i','response_id':'r','type':'response.audio.delta'}",
                "{'x':{'delta':'%s'},'type':'response.output_audio.delta','delta':'%s','item_id':'i','response_id':'r'}",
                "{'x':'\\'delta\\':\\'','type':'response.output_audio.delta','delta':'%s','item_id':'i','response_id':'r'}",
                "{'x':['delta','%s'],'type':'response.output_audio.delta','delta':'%s','item_id':'i','response_id':'r'}"
            })
    void readsLongAudioInAnyShape(String shape) throws Exception {
        byte[] pcm = new byte[4_801];
        new Random(1).nextBytes(pcm);
        String base64 = Base64.getEncoder().encodeToString(pcm);
        ServerEvent expected = new ServerEvent.OutputAudio("r", "i", ByteBuffer.wrap(pcm));
        String message = shape.replace('\'', '"').replace("%s", base64);
        assertThat(codec.decode(message)).isEqualTo(expected);
        assertThat(codec.decode(message.replace("/", "\\/"))).isEqualTo(expected);
    }

    @Test
    void aCountBelowNothingIsNothing() throws Exception {
        String message = "{'type':'response.done','response':{'id':'r','status':'completed','usage':{'input_tokens':-7,"
                + "'output_tokens':5,'input_token_details':{'cached_tokens':-1,'audio_tokens':-2},"
                + "'output_token_details':{'audio_tokens':-3}}}}";
        assertThat(codec.decode(message.replace('\'', '"')))
                .isEqualTo(new ServerEvent.ResponseDone("r", "completed", List.of(), null, new Usage(0, 5, 0, 0, 0)));
    }

    @Test
    void longTextIsNoAudio() throws Exception {
        String text = "QUJD".repeat(200);
        assertThat(codec.decode("{\"type\":\"response.output_audio_transcript.delta\",\"delta\":\"" + text + "\"}"))
                .isEqualTo(new ServerEvent.OutputTranscript(null, null, text));
        assertThatThrownBy(() -> codec.decode(
                        "{\"type\":\"response.output_audio.delta\",\"delta\":\"" + text + "\u0d41" + "\"}"))
                .hasMessage("response.output_audio.delta: delta is not base64");
        assertThatThrownBy(() -> codec.decode("{\"type\":\"response.output_audio.delta\",\"delta\":\"" + text))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void quotesNothingOfAMessageThatItCannotRead() {
        assertThatThrownBy(() -> codec.decode("{\"type\":\"x\",\"transcript\":\"my secret\" oops"))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage("not valid JSON at character 37")
                .hasNoCause();
    }

    @Test
    void refusesAMessageOverTheLimit() {
        assertThatThrownBy(() -> codec.decode(" ".repeat(EventCodec.LONGEST_MESSAGE + 1)))
                .hasMessage("a message of 16777217 characters is over the limit of 16777216");
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> codec.decode("{\"type\":\"x\",\"a\":" + "[".repeat(100_000)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage("nested too deeply, or a part of it is too long");
    }

    @Test
    void noEventShowsWordsOrArguments() throws Exception {
        for (Arguments each : serverEvents().toList()) {
            String shown = codec.decode((String) each.get()[0]).toString();
            assertThat(shown).doesNotContain("എന്താ").doesNotContain("{\"a\"");
        }
        assertThat(new ClientEvent.ToolOutput("c", "secret").toString()).doesNotContain("secret");
    }
}
