package dev.parley.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings that are set, cleared or left alone. */
class SessionSettingsTest {
    private static final SessionSettings DEFAULTS = SessionSettings.builder()
            .transcription(Transcription.by("gpt-4o-transcribe"))
            .speed(1.0)
            .extra("{\"truncation\":\"auto\"}")
            .build();

    @Test
    void whatIsLeftAloneComesFromBelow() {
        SessionSettings settings = SessionSettings.builder().speed(1.25).build().over(DEFAULTS);
        assertThat(settings.value(Setting.SPEED)).contains(1.25);
        assertThat(settings.value(Setting.TRANSCRIPTION)).contains(Transcription.by("gpt-4o-transcribe"));
        assertThat(settings.extra()).isEqualTo("{\"truncation\":\"auto\"}");
        assertThat(settings.mentioned()).containsExactlyInAnyOrder(Setting.SPEED, Setting.TRANSCRIPTION);
    }

    @Test
    void whatIsClearedStaysClearedWhateverIsBelow() {
        SessionSettings settings =
                SessionSettings.builder().noTranscription().build().over(DEFAULTS);
        assertThat(settings.mentioned()).contains(Setting.TRANSCRIPTION);
        assertThat(settings.value(Setting.TRANSCRIPTION)).isEmpty();
    }

    @Test
    void manualTurnsAreClearedDetectionAndNotSilence() {
        assertThat(SessionSettings.builder().manualTurns().build().hasManualTurns())
                .isTrue();
        assertThat(SessionSettings.none().hasManualTurns()).isFalse();
        assertThat(new SessionConfig(
                                null,
                                null,
                                List.of(),
                                SessionSettings.builder().manualTurns().build())
                        .repliesToSpeech())
                .isFalse();
        assertThat(new SessionConfig(null, null, List.of()).repliesToSpeech()).isTrue();
    }

    @Test
    void theLaterOfTwoCounts() {
        SessionSettings settings = SessionSettings.builder()
                .manualTurns()
                .turnDetection(TurnDetection.semanticVad())
                .build();
        assertThat(settings.turnDetection()).isEqualTo(TurnDetection.semanticVad());
        assertThat(settings.hasManualTurns()).isFalse();
    }

    @Test
    void numbersOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> SessionSettings.builder().speed(1.6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speed is from 0.25 to 1.5, not 1.6");
        assertThatThrownBy(() -> SessionSettings.builder().speed(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionSettings.builder().maxOutputTokens(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a reply has at least one token, not 0");
    }

    @Test
    void valuesStayOutOfLogs() {
        assertThat(SessionSettings.builder()
                        .noiseReduction("near_field")
                        .extra("{\"secret\":1}")
                        .build()
                        .toString())
                .isEqualTo("SessionSettings[NOISE_REDUCTION] and extra");
    }
}
