package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An audio format that is laid over a session as JSON: the server went by it, and the session read PCM16 all the same. */
@Timeout(30)
class FormatsInExtraTest extends SessionStage {
    private static String refusal(String what) {
        return "the settings' extra has " + what
                + ": the session reads and writes PCM16 at the dialect's rate, and would go on doing so. Leave it out; the rate"
                + " is Dialect's sampleRate(…)";
    }

    private static SessionSettings extra(String json) {
        return SessionSettings.builder().extra(json).build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcmu\"}}}} | a \"format\" under audio.input",
                "{\"audio\":{\"output\":{\"format\":{\"type\":\"audio/pcma\"}}}} | a \"format\" under audio.output",
                "{\"input_audio_format\":\"g711_ulaw\"} | \"input_audio_format\"",
                "{\"output_audio_format\":\"g711_alaw\"} | \"output_audio_format\"",
            })
    void anExtraThatNamesAnAudioFormatIsRefused(String json, String what) {
        VoiceAgent.Builder agent = agent().provider(openAi()).settings(extra(json));
        assertThatThrownBy(agent::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal(what));
    }

    @Test
    void soIsTheOneOfAChange() {
        SessionSettings settings = extra("{\"audio\":{\"input\":{\"format\":null}}}");
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            assertThatThrownBy(() -> session.send(
                            new ClientEvent.SessionUpdate(new SessionConfig(null, null, List.of(), settings))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(refusal("a \"format\" under audio.input"));
        }
    }
}
