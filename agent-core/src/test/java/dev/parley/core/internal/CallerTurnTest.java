package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For how long a server holds something of the caller's that it has not answered. */
class CallerTurnTest {
    private final ManualClock clock = new ManualClock();
    private final CallerTurn turn = new CallerTurn(clock);

    /** A server that told the start of speech and never its end was never left for a fresh one, until it broke off. */
    @Test
    void speechWhoseEndIsNeverToldIsOverAMinuteAfterItsStart() {
        turn.onSpeechStarted();
        clock.advance(Duration.ofSeconds(59));
        assertThat(turn.isOpen()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(turn.isOpen()).isFalse();
    }

    @Test
    void speechThatStartsAnewHasAMinuteOfItsOwn() {
        turn.onSpeechStarted();
        clock.advance(Duration.ofSeconds(59));
        turn.onSpeechStarted();
        clock.advance(Duration.ofSeconds(59));
        assertThat(turn.isOpen()).isTrue();
    }

    @Test
    void aTurnIsOpenUntilItsReplyIsDoneHoweverLongThatTakes() {
        turn.onSpeechStarted();
        turn.onEnded();
        turn.onReplyCreated(new ServerEvent.ResponseCreated("r1"));
        clock.advance(Duration.ofMinutes(2));
        assertThat(turn.isOpen()).isTrue();
        turn.onReplyDone(new ServerEvent.ResponseDone("r1", "completed", List.of(), null, null));
        assertThat(turn.isOpen()).isFalse();
    }

    @Test
    void speechThatGetsNoReplyIsOverTenSecondsAfterItsEnd() {
        turn.onSpeechStarted();
        turn.onEnded();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(turn.isOpen()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(turn.isOpen()).isFalse();
    }
}
