package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.Playback;
import dev.parley.audio.TestClock;
import dev.parley.core.ToolRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A connection is lost in the middle of a conversation, and replaced. Servers may count their ids from one again. */
class LostConnectionTest {

    @Test
    void aReplyThatWasUnderWayPlaysOutAndEndsAsInterruptedWithWhatWasReceived() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one ").sound("r1", "i1", 500);
        c.text("r1", "i1", "two ").sound("r1", "i1", 500).text("r1", "i1", "three");
        c.after(300).loses().after(600);
        assertThat(c.told()).as("it is still heard").isEmpty();
        c.after(100).after(1);
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two | three");
        assertThat(c.transcript.turns().get(0).endedAt())
                .isBetween(TestClock.START.plusMillis(980), TestClock.START.plusMillis(1_000));
        assertThat(c.session.part(Playback.class).counters().unplayed()).isZero();
    }

    @Test
    void aReplyThatWasReceivedWholePlaysOutAndIsWhole() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 1_000).ends("r1", "completed");
        c.after(300).loses().isBack().after(701);
        assertThat(c.told()).containsExactly("ASSISTANT: one two");
    }

    @Test
    void aReplyOfWhichNothingWasReceivedMakesNoTurn() {
        Conversation c = Conversation.played();
        c.begins("r1").loses().isBack();
        c.begins("r1").text("r1", "i1", "one").sound("r1", "i1", 100).ends("r1", "completed");
        c.after(101);
        assertThat(c.told()).containsExactly("ASSISTANT: one");
    }

    @Test
    void theNextConnectionsItemsAreOthersThoughTheyHaveTheSameIds() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 1_000);
        c.after(300).loses().after(100).isBack();
        Playback playback = c.session.part(Playback.class);
        assertThat(playback.heard("i1")).isEqualTo(Duration.ofMillis(400));
        c.begins("r1").text("r1", "i1", "three four").sound("r1", "i1", 400);
        assertThat(playback.heard("i1")).as("another item").isZero();
        c.ends("r1", "completed").after(600).after(200);
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two");
        assertThat(playback.heard("i1")).isEqualTo(Duration.ofMillis(200));
        c.after(201);
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two", "ASSISTANT: three four");
        assertThat(c.session.heard)
                .containsOnly(Map.entry("i1@1", Duration.ofSeconds(1)), Map.entry("i1", Duration.ofMillis(400)));
    }

    @Test
    void theSameHoldsWithoutIds() {
        Conversation c = Conversation.played();
        c.begins(null).text(null, null, "one two").sound(null, null, 1_000);
        c.after(300).loses().isBack();
        c.begins(null).text(null, null, "three four").sound(null, null, 400).ends(null, "completed");
        c.after(700).after(401);
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two", "ASSISTANT: three four");
    }

    @Test
    void whoeverInterruptsWhatStillPlaysCutsItWhereItIs() {
        Conversation c = Conversation.played();
        c.begins("r1").text("r1", "i1", "one two three four").sound("r1", "i1", 4_000);
        c.after(300).loses().after(1_800).bargesIn(null, null);
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two | three four");
    }

    @Test
    void aPlayerThatKnowsNothingOfConnectionsIsUnderstood() {
        Conversation c = Conversation.unplayed();
        c.begins("r1").text("r1", "i1", "one two").sound("r1", "i1", 1_000);
        c.session.playedUpTo("i1", Duration.ofMillis(500));
        c.loses().isBack();
        c.session.playedUpTo("i1", Duration.ofSeconds(1));
        assertThat(c.told()).containsExactly("ASSISTANT (interrupted): one two");
    }

    @Test
    void aCallerWhoSpeaksThroughTheLossIsHeardOnce() {
        Conversation c = Conversation.unplayed();
        c.speaks("u1").loses().isBack();
        c.speaks("u1").pauses("u1").words("u1", "hello").begins("r1");
        c.text("r1", "i1", "good day").sound("r1", "i1", 50).ends("r1", "completed");
        assertThat(c.told()).containsExactly("USER: hello", "ASSISTANT: good day");
    }

    @Test
    void whatTheNextServerIsToldOfThePastIsNotSaidAgain() {
        Conversation c = Conversation.unplayed();
        c.speaks("u1").pauses("u1").words("u1", "hello").words("u2", "hello");
        c.loses().sends("hello").sends("hello").sends("typed meanwhile").isBack();
        c.item("x1", "user", "hello").item("x1", "user", "hello").item("x2", "user", "hello");
        c.item("x3", "user", "typed meanwhile").item("x3", "user", "typed meanwhile");
        c.sends("hello").item("x4", "user", "hello").item("x4", "user", "hello");
        assertThat(c.told()).containsExactly("USER: hello", "USER: hello", "USER: typed meanwhile", "USER: hello");
    }

    /** Of the oldest words that there is room for, the next server is told the beginning. */
    @Test
    void wordsOfThePastAreKnownThoughTheyAreShortenedOrSpeltInAnotherWay() {
        Conversation c = Conversation.unplayed();
        c.words("u1", "a long story about cats").words("u2", "cafe\u0301").loses();
        c.sends("a long st…").sends("cafe\u0301").sends("a long").isBack();
        c.item("x1", "user", "a long st…").item("x2", "user", "cafe\u0301").item("x3", "user", "a long");
        assertThat(c.told()).containsExactly("USER: a long story about cats", "USER: caf\u00e9", "USER: a long");
    }

    @Test
    void theNextConnectionsCallsAreOthersThoughTheyHaveTheSameIds() {
        Conversation c = Conversation.unplayed();
        c.words("u1", "look")
                .calls("c1", "slow", "{}")
                .calls("c2", "lost", "{}")
                .loses()
                .isBack();
        c.words("u2", "again").calls("c1", "quick", "{}").words("u3", "and?").calls("c2", "other", "{}");
        c.returns(new ToolRequest("c1", "slow", "{}", "r", 1), "3", 0);
        c.returns(new ToolRequest("c1", "quick", "{}", "r", 2), "1", 0);
        c.returns(new ToolRequest("c2", "other", "{}", "r", 2), "2", 0);
        assertThat(c.told())
                .containsExactly(
                        "USER: look",
                        "TOOL: slow {} 3 true",
                        "USER: again",
                        "TOOL: quick {} 1 true",
                        "USER: and?",
                        "TOOL: other {} 2 true");
    }

    @Test
    void callsWhoseOutcomeNobodyTellsAreForgottenInTime() {
        Conversation c = Conversation.unplayed();
        for (int i = 0; i < 300; i++) {
            c.calls("c" + i, "look_up", "{}");
        }
        c.item("u1", "user", "well?");
        c.returns("c299", "look_up", "{}", "{\"ok\":true,\"result\":299}", 0);
        c.returns("c0", "look_up", "{}", "{\"ok\":true,\"result\":0}", 0);
        assertThat(c.told())
                .containsExactly(
                        "TOOL: look_up {} {\"ok\":true,\"result\":299} true",
                        "USER: well?",
                        "TOOL: look_up {} {\"ok\":true,\"result\":0} true");
    }
}
