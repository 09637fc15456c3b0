package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What of the agent's voice is still to be heard, and what never will be. */
class ReplyTrackerTest {
    private static final int SECOND = 48_000;

    private final ReplyTracker replies = new ReplyTracker(24_000);

    @Test
    void repliesThatNobodyReportedAreLeftAloneWhenALaterOneIsCut() {
        // An application that plays the voice itself and never says how far: it has heard the first, for all we know.
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        replies.cancel();
        assertThat(replies.flushed())
                .containsExactly(new ReplyTracker.Unheard("i2", "r2", Duration.ZERO, Duration.ofSeconds(1)));
        assertThat(replies.flushed()).isEmpty();
    }

    @Test
    void whatStillPlaysIsCutWithAllThatWaitsBehindIt() {
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        replies.end("r2");
        spoken("r3", "i3");
        replies.heard("i1", Duration.ofMillis(900));
        replies.heard("i2", Duration.ofMillis(300));
        assertThat(replies.isPlaying()).isTrue();
        replies.cancel();
        assertThat(replies.flushed())
                .containsExactly(
                        new ReplyTracker.Unheard("i2", "r2", Duration.ofMillis(300), Duration.ofSeconds(1)),
                        new ReplyTracker.Unheard("i3", "r3", Duration.ZERO, Duration.ofSeconds(1)));
        assertThat(replies.isPlaying()).isFalse();
    }

    @Test
    void aReplyThatIsDoneAndHasNotBegunToPlayIsCutAsAWhole() {
        spoken("r1", "i1");
        replies.end("r1");
        assertThat(replies.flushed())
                .containsExactly(new ReplyTracker.Unheard("i1", "r1", Duration.ZERO, Duration.ofSeconds(1)));
    }

    @Test
    void anItemThatWasNeverReportedToItsEndIsOverWhenALaterOneIsHeard() {
        spoken("r1", "i1");
        replies.heard("i1", Duration.ofMillis(500));
        replies.end("r1");
        spoken("r2", "i2");
        replies.end("r2");
        replies.heard("i2", Duration.ofSeconds(1));
        assertThat(replies.isPlaying()).isFalse();
    }

    @Test
    void countsWhatIsLeftSinceAMarkAndWhatPlaysBeforeIt() {
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        int mark = replies.mark();
        assertThat(replies.unheardSince(mark)).isEqualTo(Duration.ofSeconds(1));
        replies.heard("i1", Duration.ofMillis(400));
        assertThat(replies.unheardSince(mark)).isEqualTo(Duration.ofMillis(1_600));
    }

    @Test
    void aReplyWhoseBeginningIsToldLateBeganWithItsFirstAudio() {
        replies.received("r1", "i1", SECOND);
        replies.begin("r1");
        assertThat(replies.unheardSince(replies.mark())).isEqualTo(Duration.ofSeconds(1));
    }

    private void spoken(String responseId, String itemId) {
        replies.begin(responseId);
        replies.received(responseId, itemId, SECOND);
    }
}
