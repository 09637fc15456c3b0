package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.TestClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnOrderTest {
    private final Conversation c = Conversation.unplayed();

    @Test
    void wordsThatComeBeforeTheReplyStandBeforeIt() {
        c.speaks(null).pauses(null).words(null, "hello").begins("r1");
        c.text("r1", "i1", "good ")
                .sound("r1", "i1", 100)
                .text("r1", "i1", "day")
                .sound("r1", "i1", 100);
        c.ends("r1", "completed");
        assertThat(c.told()).containsExactly("USER: hello", "ASSISTANT: good day");
    }

    @Test
    void wordsThatComeAfterTheReplyBeganOrEndedStandBeforeItToo() {
        List<TranscriptEntry> asCompleted = new ArrayList<>();
        c.transcript.onEntry(asCompleted::add);
        c.speaks("u1").pauses("u1").begins("r1").text("r1", "i1", "one").sound("r1", "i1", 50);
        c.ends("r1", "completed");
        c.speaks("u2")
                .words("u1", "first")
                .pauses("u2")
                .begins("r2")
                .text("r2", "i2", "two")
                .sound("r2", "i2", 50);
        c.words("u2", "second").ends("r2", "completed");
        assertThat(c.told()).containsExactly("USER: first", "ASSISTANT: one", "USER: second", "ASSISTANT: two");
        assertThat(asCompleted)
                .as("entries are told as they complete, and carry their place")
                .extracting(TranscriptEntry::position)
                .containsExactly(2L, 1L, 3L, 4L);
    }

    @Test
    void lateWordsWithoutIdsFindTheirPlaceAlthoughTheCallerSpeaksAgain() {
        c.speaks(null).pauses(null).begins("r1").text("r1", "i1", "one").sound("r1", "i1", 50);
        c.speaks(null).words(null, "first").ends("r1", "cancelled").pauses(null).words(null, "second");
        c.begins("r2").text("r2", "i2", "two").sound("r2", "i2", 50).ends("r2", "completed");
        assertThat(c.told())
                .containsExactly("USER: first", "ASSISTANT (interrupted): one", "USER: second", "ASSISTANT: two");
    }

    @Test
    void aSilentTurnMakesNoEntryAndTakesNobodysWords() {
        c.speaks(null).pauses(null).after(5_000);
        c.speaks(null).after(700).pauses(null).words(null, "yes").begins("r1");
        c.speaks("u").pauses("u").words("u", "  ");
        c.begins("r2").ends("r2", "completed");
        assertThat(c.told()).containsExactly("USER: yes");
        Turn yes = c.transcript.turns().get(0);
        assertThat(yes.startedAt()).isEqualTo(TestClock.START.plusMillis(5_000));
        assertThat(yes.endedAt()).isEqualTo(TestClock.START.plusMillis(5_700));
    }

    @Test
    void theSameWordsToldTwiceMakeOneTurnAndSaidTwiceMakeTwo() {
        c.speaks(null).pauses(null).words("u1", "yes").item("u1", "user", "yes");
        c.speaks(null).pauses(null).item(null, "user", "yes").words(null, "yes");
        c.item("u3", "user", "typed").item("a1", "assistant", "not mine").item("u4", "user", "");
        assertThat(c.told()).containsExactly("USER: yes", "USER: yes", "USER: typed");
    }

    @Test
    void toolCallsStandWhereTheyWereAskedFor() {
        c.speaks("u1").pauses("u1").words("u1", "book it").begins("r1");
        c.calls("c1", "book", "{\"a\":1}").ends("r1", "completed").after(250);
        c.speaks("u2")
                .returns("c1", "book", "{\"a\":1}", "{\"ok\":true}", 250)
                .pauses("u2")
                .words("u2", "wait");
        c.returns("c9", "unasked", "{}", "{\"ok\":false}", 0);
        assertThat(c.told())
                .containsExactly(
                        "USER: book it",
                        "TOOL: book {\"a\":1} {\"ok\":true} true",
                        "USER: wait",
                        "TOOL: unasked {} {\"ok\":false} true");
        assertThat(c.transcript.all().get(1).startedAt()).isEqualTo(TestClock.START);
        assertThat(c.transcript.all().get(1).endedAt()).isEqualTo(TestClock.START.plusMillis(250));
    }

    @Test
    void aServerWithoutAnyIdsIsFollowedToo() {
        c.speaks(null)
                .pauses(null)
                .words(null, "hi")
                .begins(null)
                .text(null, null, "hello")
                .sound(null, null, 40);
        c.ends(null, "completed").text(null, null, "too late");
        c.speaks(null)
                .pauses(null)
                .words(null, "bye")
                .begins(null)
                .text(null, null, "see you")
                .sound(null, null, 40);
        c.begins(null).text(null, null, "again").session.hangUp();
        assertThat(c.told())
                .containsExactly(
                        "USER: hi",
                        "ASSISTANT: hello",
                        "USER: bye",
                        "ASSISTANT: see you",
                        "ASSISTANT (interrupted): again");
    }

    @Test
    void textIsInNormalFormC() {
        c.words("u", "cafe\u0301 \u0D4A\u0D46\u0D3E").begins("r");
        c.text("r", "i", "e").text("r", "i", "\u0301te\u0301").ends("r", "completed");
        assertThat(c.told()).containsExactly("USER: caf\u00e9 \u0D4A\u0D4A", "ASSISTANT: \u00e9t\u00e9");
    }

    @Test
    void whatIsHistoryIsWhatWasSaidAndDone() {
        c.words("u", "hi").begins("r").calls("c", "f", "{}").returns("c", "f", "{}", "1", 0);
        c.text("r", "i", "done").ends("r", "completed");
        assertThat(c.transcript.entries())
                .extracting(entry -> entry.speaker() + " " + entry.text())
                .containsExactly("USER hi", "ASSISTANT done", "TOOL f {} -> 1");
    }

    @Test
    void aReplyWhoseBeginningIsToldAfterItsFirstPieceIsOne() {
        c.words("u", "hi").text("r1", "i1", "one ").sound("r1", "i1", 100).begins("r1");
        c.text("r1", "i1", "two").sound("r1", "i1", 100).ends("r1", "completed");
        assertThat(c.told()).containsExactly("USER: hi", "ASSISTANT: one two");
    }

    @Test
    void whatTheAgentWritesIsATurnToo() {
        Conversation played = Conversation.played();
        for (Conversation each : List.of(c, played)) {
            each.words("u", "hi").begins("r1").writes("r1", "i1", "good ").writes("r1", "i1", "day");
            each.ends("r1", "completed");
            each.begins("r2").writes("r2", "i2", "and now").bargesIn("r2", "i2").ends("r2", "cancelled");
            assertThat(each.told())
                    .containsExactly("USER: hi", "ASSISTANT: good day", "ASSISTANT (interrupted): and now");
        }
    }

    @Test
    void aReplyBesideTheConversationEndsNoOtherAndItsTextIsNotForTheCaller() {
        Conversation played = Conversation.played();
        played.words("u", "hi").begins("r1").text("r1", "i1", "one ").sound("r1", "i1", 500);
        played.beginsBeside("x").writes("x", "ix", "the caller is cheerful").ends("x", "completed");
        played.after(600);
        assertThat(played.told()).as("more of it comes").containsExactly("USER: hi");
        played.text("r1", "i1", "two")
                .sound("r1", "i1", 500)
                .ends("r1", "completed")
                .after(600);
        assertThat(played.told()).containsExactly("USER: hi", "ASSISTANT: one two");
    }

    @Test
    void anInterruptionCutsWhatPlaysAndNotWhatWasHeardBefore() {
        Conversation played = Conversation.played();
        played.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 500).after(500);
        played.beginsBeside("r2")
                .text("r2", "i2", "three four")
                .sound("r2", "i2", 1_000)
                .after(600);
        played.bargesIn("r2", "i2").ends("r1", "completed").ends("r2", "cancelled");
        assertThat(played.told()).containsExactly("ASSISTANT: one two", "ASSISTANT (interrupted): three | four");
    }
}
