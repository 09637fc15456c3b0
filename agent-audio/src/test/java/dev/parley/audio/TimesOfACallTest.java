package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is longer than any call is refused where it is said, and not in the middle of a call. */
class TimesOfACallTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final Map<String, Consumer<Duration>> SETTINGS = Map.of(
            "tail", time -> BargeIn.halfDuplex().tail(time),
            "patience", time -> BargeIn.halfDuplex().patience(time),
            "confirmAfter", time -> BargeIn.local(EnergySpeechDetector.create()).confirmAfter(time),
            "restoreAfter", time -> BargeIn.local(EnergySpeechDetector.create()).restoreAfter(time),
            "notBefore", time -> BargeIn.local(EnergySpeechDetector.create()).notBefore(time),
            "room", TimesOfACallTest::room);

    @ParameterizedTest
    @ValueSource(strings = {"tail", "patience", "confirmAfter", "restoreAfter", "notBefore", "room"})
    void aDayIsTheLongest(String setting) {
        Consumer<Duration> set = SETTINGS.get(setting);
        assertThatCode(() -> set.accept(Duration.ofDays(1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> set.accept(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a time within a call is a day at most, not PT2562047788015215H30M7S");
    }

    private static void room(Duration time) {
        FakeSession session = new FakeSession(24_000);
        AudioLink.between(new Scripted(FORMAT), AudioSink.inMemory(FORMAT, session.clock))
                .room(time)
                .open(session);
    }
}
