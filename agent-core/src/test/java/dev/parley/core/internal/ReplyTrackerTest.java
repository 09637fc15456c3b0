package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of the agent's voice is still to be heard, and what never will be. */
class ReplyTrackerTest {
    private static final int SECOND = 48_000;

    private final ManualClock clock = new ManualClock();
    private final ReplyTracker replies = new ReplyTracker(clock, 24_000);

    @Test
    void repliesThatNobodyReportedAreLeftAloneWhenALaterOneIsCut() {
        // An application that plays the voice itself and never says how far: it has heard the first, for all we know.
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        replies.cancel();
        assertThat(replies.items().flushed(false))
                .containsExactly(new SpokenItems.Unheard("i2", "r2", Duration.ZERO, Duration.ofSeconds(1)));
        assertThat(replies.items().flushed(false)).isEmpty();
    }

    @Test
    void whatStillPlaysIsCutWithAllThatWaitsBehindIt() {
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        replies.end("r2");
        spoken("r3", "i3");
        heard("i1", 900);
        heard("i2", 300);
        assertThat(replies.items().isPlaying()).isTrue();
        replies.cancel();
        assertThat(replies.items().flushed(false))
                .containsExactly(
                        new SpokenItems.Unheard("i2", "r2", Duration.ofMillis(300), Duration.ofSeconds(1)),
                        new SpokenItems.Unheard("i3", "r3", Duration.ZERO, Duration.ofSeconds(1)));
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void aReplyThatIsDoneAndHasNotBegunToPlayIsCutAsAWhole() {
        spoken("r1", "i1");
        replies.end("r1");
        assertThat(replies.items().flushed(false))
                .containsExactly(new SpokenItems.Unheard("i1", "r1", Duration.ZERO, Duration.ofSeconds(1)));
    }

    @Test
    void anItemThatWasNeverReportedToItsEndIsOverWhenALaterOneIsHeard() {
        spoken("r1", "i1");
        heard("i1", 500);
        replies.end("r1");
        spoken("r2", "i2");
        replies.end("r2");
        heard("i2", 1_000);
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void countsWhatIsLeftSinceAMarkAndWhatPlaysBeforeIt() {
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        int mark = replies.items().mark();
        assertThat(replies.items().unheardSince(mark)).isEqualTo(Duration.ofSeconds(1));
        heard("i1", 400);
        assertThat(replies.items().unheardSince(mark)).isEqualTo(Duration.ofMillis(1_600));
    }

    @Test
    void aReplyWhoseBeginningIsToldLateBeganWithItsFirstAudio() {
        replies.received("r1", "i1", SECOND);
        replies.begin("r1");
        assertThat(replies.items().unheardSince(replies.items().mark())).isEqualTo(Duration.ofSeconds(1));
    }

    /** Players that report some ten times a second ended 80 ms short of the end, and played for ever. */
    @Test
    void aReplyWhoseEndNobodyReportedWasPlayedOutOnceItsRestHasHadTheTimeToSound() {
        spoken("r1", "i1");
        replies.end("r1");
        heard("i1", 920);
        clock.advance(Duration.ofMillis(99));
        assertThat(replies.items().isPlaying()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(replies.items().isPlaying()).isFalse();
        assertThat(replies.items().flushed(false)).isEmpty();
    }

    @Test
    void aReplyIsCutAtTheLastReportWhileItsRestMayStillSound() {
        spoken("r1", "i1");
        replies.end("r1");
        heard("i1", 300);
        clock.advance(Duration.ofMillis(700));
        assertThat(replies.items().flushed(false))
                .containsExactly(new SpokenItems.Unheard("i1", "r1", Duration.ofMillis(300), Duration.ofSeconds(1)));
    }

    @Test
    void whatWaitsBehindAnItemSoundsAfterIt() {
        spoken("r1", "i1");
        replies.end("r1");
        spoken("r2", "i2");
        replies.end("r2");
        heard("i1", 900);
        clock.advance(Duration.ofMillis(1_119));
        assertThat(replies.items().isPlaying()).isTrue();
        assertThat(replies.items().flushed(false))
                .containsExactly(new SpokenItems.Unheard("i2", "r2", Duration.ZERO, Duration.ofSeconds(1)));
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void anItemBehindAnotherIsPlayedOutThoughNobodyReportedAnyOfIt() {
        spoken("r1", "i1");
        replies.end("r1");
        heard("i1", 900);
        replies.begin("r2");
        replies.received("r2", "i2", SECOND / 20);
        replies.end("r2");
        clock.advance(Duration.ofMillis(169));
        assertThat(replies.items().isPlaying()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void audioThatComesLongAfterTheLastReportSoundsFromItsComing() {
        spoken("r1", "i1");
        heard("i1", 920);
        clock.advance(Duration.ofSeconds(5));
        replies.received("r1", "i1", SECOND);
        clock.advance(Duration.ofMillis(1_019));
        assertThat(replies.items().isPlaying()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void aPlayerThatStandsStillAndGoesOnTellingWherePlaysStill() {
        spoken("r1", "i1");
        replies.end("r1");
        heard("i1", 900);
        clock.advance(Duration.ofMillis(100));
        assertThat(heard("i1", 900)).isEqualTo(SpokenItems.NOT_MOVED);
        clock.advance(Duration.ofMillis(100));
        assertThat(replies.items().isPlaying()).isTrue();
        // What is behind an earlier word is older than that word, and says nothing of now.
        heard("i1", 800);
        clock.advance(Duration.ofMillis(20));
        assertThat(replies.items().isPlaying()).isFalse();
    }

    @Test
    void whereAPlayerKnowsThatItWasCutItsReportsAreAllThatWasHeard() {
        spoken("r1", "i1");
        replies.end("r1");
        heard("i1", 300);
        clock.advance(Duration.ofMinutes(1));
        assertThat(replies.items().flushed(true))
                .containsExactly(new SpokenItems.Unheard("i1", "r1", Duration.ofMillis(300), Duration.ofSeconds(1)));
    }

    @Test
    void whereNobodyReportsNothingIsTakenToSound() {
        spoken("r1", "i1");
        clock.advance(Duration.ofMinutes(1));
        replies.cancel();
        assertThat(replies.items().flushed(false))
                .containsExactly(new SpokenItems.Unheard("i1", "r1", Duration.ZERO, Duration.ofSeconds(1)));
    }

    /** Of twenty items that came at once, the first was heard; those that waited behind it were forgotten, and were never cut. */
    @Test
    void aReplyOfManyItemsIsCutWithAllThatWaits() {
        replies.begin("r1");
        for (int i = 1; i <= 20; i++) {
            replies.received("r1", "i" + i, SECOND);
        }
        heard("i1", 300);
        assertThat(replies.items().flushed(true))
                .extracting(SpokenItems.Unheard::itemId)
                .containsExactlyElementsOf(items(1, 20));
    }

    @Test
    void itemsThatWaitAreForgottenForNoneThatWasHeard() {
        replies.begin("r1");
        for (int i = 1; i <= 60; i++) {
            replies.received("r1", "i" + i, SECOND);
        }
        for (int i = 1; i <= 30; i++) {
            heard("i" + i, 1_000);
        }
        for (int i = 61; i <= 70; i++) {
            replies.received("r1", "i" + i, SECOND);
        }
        assertThat(replies.items().heardOf("i13")).isEqualTo(Duration.ZERO);
        assertThat(replies.items().heardOf("i14"))
                .as("the sixteenth before the one that was heard last")
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(replies.items().flushed(true))
                .extracting(SpokenItems.Unheard::itemId)
                .containsExactlyElementsOf(items(31, 70));
    }

    @Test
    void ofMoreItemsThanAnyReplyHasTheOneThatPlaysIsKeptAndReportsOnTheForgottenMoveNothing() {
        replies.begin("r1");
        replies.received("r1", "i1", SECOND);
        heard("i1", 300);
        for (int i = 2; i <= 70; i++) {
            replies.received("r1", "i" + i, SECOND);
        }
        assertThat(heard("i2", 500)).as("i2 to i7 are forgotten").isEqualTo(SpokenItems.NOT_MOVED);
        assertThat(heard("i7", 500)).isEqualTo(SpokenItems.NOT_MOVED);
        assertThat(replies.items().lastHeard()).isEqualTo("i1");
        List<String> cut = new ArrayList<>(List.of("i1"));
        cut.addAll(items(8, 70));
        assertThat(replies.items().flushed(true))
                .extracting(SpokenItems.Unheard::itemId)
                .containsExactlyElementsOf(cut);
    }

    /** While a player had some of a lost connection's reply left, all that the next one had sent was taken for played. */
    @Test
    void whatIsStillReportedOfTheConnectionBeforePlaysBeforeAllThatCameSince() {
        spoken("r1", "i1");
        int mark = replies.items().mark();
        assertThat(heard("before", 300)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(replies.items().isPlaying()).isTrue();
        assertThat(replies.items().unheardSince(mark)).isEqualTo(Duration.ofSeconds(1));
        assertThat(replies.lastHeardIsCurrent()).isFalse();
        replies.cancel();
        assertThat(replies.items().flushed(true))
                .containsExactly(new SpokenItems.Unheard("i1", "r1", Duration.ZERO, Duration.ofSeconds(1)));
    }

    @Test
    void ofReportsOnWhatNeverCameTheLatestAreRemembered() {
        for (int i = 1; i <= 100; i++) {
            heard("before" + i, 1_000);
        }
        assertThat(replies.items().heardOf("before1")).isEqualTo(Duration.ZERO);
        assertThat(replies.items().heardOf("before100")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anItemThatTheNextConnectionNamesAlikeIsANewOne() {
        heard("i1", 300);
        spoken("r1", "i1");
        assertThat(replies.items().heardOf("i1")).isEqualTo(Duration.ZERO);
        spoken("r1", "i2");
        heard("i1", 400);
        assertThat(replies.lastHeardIsCurrent()).isTrue();
        assertThat(replies.items().flushed(true))
                .extracting(SpokenItems.Unheard::itemId)
                .containsExactly("i1", "i2");
    }

    private long heard(String itemId, long millis) {
        return replies.items().heard(itemId, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static List<String> items(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "i" + i).toList();
    }

    private void spoken(String responseId, String itemId) {
        replies.begin(responseId);
        replies.received(responseId, itemId, SECOND);
    }
}
