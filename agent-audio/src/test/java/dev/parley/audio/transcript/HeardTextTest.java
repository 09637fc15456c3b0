package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeardTextTest {
    private static final String MALAYALAM = "നമസ്കാരം ഡോക്ടർ നാളെ രാവിലെ പത്തിന് ഉണ്ടാകും";

    @Test
    void aReplyIsATurnOnceItWasHeardNotOnceItWasReceived() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 1_000).ends("r1", "completed");
        c.after(900);
        assertThat(c.told()).isEmpty();
        c.after(100).after(1);
        assertThat(c.told()).containsExactly("ASSISTANT: one two");
        Turn turn = c.transcript.turns().get(0);
        assertThat(turn.startedAt()).isEqualTo(TestClock.START);
        assertThat(Duration.between(turn.startedAt(), turn.endedAt()))
                .isBetween(Duration.ofMillis(980), Duration.ofMillis(1_001));
    }

    @Test
    void aReplyCutInTheMiddleKeepsTheWordsThatWereHeard() {
        Conversation c = Conversation.played();
        c.begins("r1");
        for (String word : MALAYALAM.split(" ", -1)) {
            c.text("r1", "i1", word + " ").sound("r1", "i1", 400);
        }
        c.after(1_300).bargesIn("r1", "i1");
        assertThat(c.told()).as("its end is not told yet").isEmpty();
        c.text("r1", "i1", "നന്ദി").ends("r1", "cancelled");
        assertThat(c.told())
                .containsExactly("ASSISTANT (interrupted): നമസ്കാരം ഡോക്ടർ നാളെ | രാവിലെ പത്തിന് ഉണ്ടാകും നന്ദി");
        assertThat(c.transcript.turns().get(0).endedAt()).isEqualTo(TestClock.START.plusMillis(1_300));
    }

    /** Its beginning named no reply, and its pieces do: what came late, and was not played, stood there as a turn that was heard. */
    @ParameterizedTest
    @ValueSource(strings = {"r1", ""})
    void whatComesOfACutReplyAfterItsEndIsNoTurnThatWasHeard(String endNames) {
        Conversation c = Conversation.played();
        c.begins(null).text("r1", "i1", "one two ").sound("r1", "i1", 2_000);
        c.after(1_100).bargesIn("r1", "i1").ends(endNames.isEmpty() ? null : endNames, "cancelled");
        c.text("r1", "i1", "three"); // its audio is dropped as late, and comes to no part
        c.begins("r2").text("r2", "i2", "four").sound("r2", "i2", 100).ends("r2", "completed");
        c.after(200);
        assertThat(c.transcript.turns()).extracting(Turn::text).containsExactly("one", "four");
    }

    /** The same where it was cut before its first piece, as its connection's parts hear it. */
    @Test
    void theWordsOfAReplyThatWasCutBeforeItsFirstSoundAreNotHeard() {
        Conversation c = Conversation.played();
        c.begins(null).bargesIn(null, null).ends(null, "cancelled").text("r1", "i1", "one two");
        c.begins("r2").text("r2", "i2", "four").sound("r2", "i2", 100).ends("r2", "completed");
        c.after(200);
        assertThat(c.transcript.turns()).extracting(Turn::text).containsExactly("four");
    }

    @Test
    void aReplyThatWasDoneAndStillPlayedIsCutToo() {
        Conversation c = Conversation.played();
        c.begins("r1")
                .text("r1", "i1", "one two three four")
                .sound("r1", "i1", 4_000)
                .ends("r1", "completed");
        c.after(2_100).bargesIn("r1", "i1");
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two | three four");
    }

    @Test
    void textThatRunsAheadOrBehindIsAlignedByRounds() {
        Conversation ahead = Conversation.played();
        ahead.begins("r").text("r", "i", "aa bb cc dd").sound("r", "i", 1_000).sound("r", "i", 1_000);
        ahead.ends("r", "completed").after(1_100).bargesIn("r", "i");
        assertThat(ahead.told()).containsExactly("ASSISTANT (interrupted): aa bb | cc dd");

        Conversation behind = Conversation.played();
        behind.begins("r")
                .sound("r", "i", 1_000)
                .text("r", "i", "aa bb ")
                .sound("r", "i", 1_000)
                .text("r", "i", "cc dd");
        behind.ends("r", "completed").after(1_500).bargesIn("r", "i");
        assertThat(behind.told()).containsExactly("ASSISTANT (interrupted): aa bb cc | dd");

        Conversation slowThenFast = Conversation.played();
        slowThenFast.begins("r").text("r", "i", "slow ").sound("r", "i", 3_000).text("r", "i", "and fast again");
        slowThenFast.sound("r", "i", 1_000).ends("r", "completed").after(3_300).bargesIn("r", "i");
        assertThat(slowThenFast.told()).containsExactly("ASSISTANT (interrupted): slow and | fast again");
    }

    @Test
    void aReplyNobodyHeardAnythingOfIsKeptAsUnheard() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "first").sound("r1", "i1", 1_000).ends("r1", "completed");
        c.begins("r2").text("r2", "i2", "second").sound("r2", "i2", 1_000);
        c.after(500).bargesIn("r2", null).ends("r2", "cancelled");
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted):  | first", "ASSISTANT (interrupted):  | second");
        assertThat(c.transcript.entries())
                .as("what was not heard is no history")
                .isEmpty();
    }

    @Test
    void severalItemsOfAReplyAreOneTurnAndAreCutOneByOne() {
        Conversation c = Conversation.played();
        c.begins("r")
                .text("r", "i1", "one")
                .sound("r", "i1", 500)
                .text("r", "i2", "two three")
                .sound("r", "i2", 500);
        c.ends("r", "completed").after(800).bargesIn("r", "i2");
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two | three");
    }

    @Test
    void whereNobodyTellsOfPlaybackACutReplyKeepsWhatWasReceived() {
        Conversation c = Conversation.unplayed();
        c.begins("r")
                .text("r", "i", "one two")
                .sound("r", "i", 1_000)
                .bargesIn("r", null)
                .ends("r", "cancelled");
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two");
    }

    @Test
    void aPlayerOfTheApplicationsOwnIsBelieved() {
        Conversation c = Conversation.unplayed();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 1_000);
        c.session.playedUpTo("i1", Duration.ofMillis(100));
        c.ends("r1", "completed");
        assertThat(c.told()).isEmpty();
        c.session.playedUpTo("i1", Duration.ofMillis(990));
        assertThat(c.told()).containsExactly("ASSISTANT: one two");
    }

    @Test
    void aHangUpInTheMiddleOfAReplyCutsIt() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 2_000).ends("r1", "completed");
        c.after(1_200).session.hangUp();
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one | two");
    }

    @Test
    void wordsAreCutWhole() {
        assertThat(cut("one two", 7)).isEqualTo("one two");
        assertThat(cut("one two", 6)).isEqualTo("one");
        assertThat(cut("one two", 4)).isEqualTo("one");
        assertThat(cut("one two", 3)).isEqualTo("one");
        assertThat(cut("one two", 2)).isEmpty();
        assertThat(cut("സ്ത്രീ വന്നു", 5)).as("a conjunct is not split").isEmpty();
        assertThat(cut("はい。か\u3099くせい", 4)).as("a mark stays with its letter").isEqualTo("はい。");
    }

    private static String cut(String text, int limit) {
        return text.substring(0, WholeWords.cut(text, limit));
    }
}
