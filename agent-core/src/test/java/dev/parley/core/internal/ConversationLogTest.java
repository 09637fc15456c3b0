package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.History;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.internal.ConversationLog.Answer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a later connection is told of the earlier ones. */
class ConversationLogTest {
    private final ConversationLog log = new ConversationLog(null);

    private List<String> lines() {
        return log.entries().stream()
                .map(entry -> entry.speaker() + " " + entry.text())
                .toList();
    }

    @Test
    void anEarlierConversationComesFirst() {
        ConversationLog later =
                new ConversationLog(() -> List.of(new History.Entry(History.Speaker.USER, "Yesterday.")));
        later.onUserText("Today.");
        assertThat(later.entries()).extracting(History.Entry::text).containsExactly("Yesterday.", "Today.");
    }

    @Test
    void aCallersWordsStandWhereTheyBeganThoughTheirTranscriptComesLater() {
        caller("u1");
        words("r1", "i1", "At ten.");
        transcript("u1", " When? ");
        caller("u2");
        words("r2", "i2", "Bye.");
        transcript("u2", "Thanks.");
        assertThat(lines()).containsExactly("USER When?", "ASSISTANT At ten.", "USER Thanks.", "ASSISTANT Bye.");
    }

    @Test
    void transcriptsThatComeOutOfOrderFindTheirTurns() {
        caller("u1");
        words("r1", "i1", "One.");
        caller("u2");
        words("r2", "i2", "Two.");
        transcript("u2", "second");
        transcript("u1", "first");
        assertThat(lines()).containsExactly("USER first", "ASSISTANT One.", "USER second", "ASSISTANT Two.");
    }

    @Test
    void withoutIdsWordsBelongToTheLatestTurn() {
        caller(null);
        transcript(null, "When?");
        created(null);
        words(null, null, "At ");
        words(null, null, "ten.");
        caller(null);
        transcript(null, "Thanks.");
        created(null);
        words(null, null, "Bye.");
        assertThat(lines()).containsExactly("USER When?", "ASSISTANT At ten.", "USER Thanks.", "ASSISTANT Bye.");
    }

    @Test
    void silentTurnsMakeNoLine() {
        caller("u1");
        caller("u2");
        transcript("u2", "Yes.");
        assertThat(lines()).containsExactly("USER Yes.");
    }

    @Test
    void aReplyThatWasCutKeepsTheShareThatWasHeard() {
        words("r1", "i1", "0123456789");
        log.onCut("i1", "r1", Duration.ofMillis(400), Duration.ofSeconds(1));
        words("r1", "i1", "late");
        assertThat(lines()).containsExactly("ASSISTANT 0123");
    }

    @Test
    void aCutNeverHalvesACodePoint() {
        words("r1", "i1", "\uD83D\uDE00\uD83D\uDE00");
        log.onCut("i1", "r1", Duration.ofMillis(250), Duration.ofSeconds(1));
        assertThat(lines()).containsExactly("ASSISTANT \uD83D\uDE00");
    }

    @Test
    void aReplyThatIsNamedByItsResponseAloneIsCutToo() {
        words("r1", null, "0123456789");
        log.onCut("i1", "r1", Duration.ofMillis(500), Duration.ofSeconds(1));
        words("r1", null, "late");
        assertThat(lines()).containsExactly("ASSISTANT 01234");
    }

    @Test
    void aReplyWhoseWordsHaveNoIdIsCutAndTheNextOneIsNot() {
        created(null);
        words(null, null, "0123456789");
        log.onCut("i1", null, Duration.ofMillis(500), Duration.ofSeconds(1));
        words(null, null, "late");
        created(null);
        words(null, null, "Next.");
        assertThat(lines()).containsExactly("ASSISTANT 01234", "ASSISTANT Next.");
    }

    @Test
    void wordsThatComeAfterTheirAudioWasCutWereNotHeard() {
        created("r0");
        words("r0", "i0", "Earlier.");
        created("r1");
        log.onCut("i1", "r1", Duration.ZERO, Duration.ofSeconds(1));
        words("r1", "i1", "late");
        assertThat(lines()).containsExactly("ASSISTANT Earlier.");
    }

    @Test
    void wordsWithoutIdsThatComeAfterTheirAudioWasCutWereNotHeard() {
        created(null);
        words(null, null, "Earlier.");
        created(null);
        log.onCut("i1", null, Duration.ZERO, Duration.ofSeconds(1));
        words(null, null, "late");
        assertThat(lines()).containsExactly("ASSISTANT Earlier.");
    }

    @Test
    void aToolCallIsALineWithItsOutputOnceHoweverOftenItIsRepeated() {
        ToolRequest call = new ToolRequest("c1", "book", "{\"day\":1}", "r1", 1);
        log.onCall(call);
        assertThat(log.hasOpenCalls()).isTrue();
        // A server that repeats the call still means the one.
        log.onCall(call);
        assertThat(log.onAnswer(call, "{\"ok\":true}")).isEqualTo(Answer.EXPECTED);
        assertThat(log.onAnswer(call, "{\"ok\":false}")).isEqualTo(Answer.REPEATED);
        log.onCall(call);
        assertThat(log.hasOpenCalls()).isFalse();
        assertThat(lines()).containsExactly("TOOL book{\"day\":1} -> {\"ok\":true}");
    }

    @Test
    void aCallThatIsGivenUpIsToldAsUnknownAndALaterCallOfItsIdIsAnother() {
        ToolRequest first = new ToolRequest("c1", "book", "{}", "r1", 1);
        ToolRequest second = new ToolRequest("c1", "book", "{}", "r1", 2);
        log.onCall(first);
        log.giveUpOpenCalls();
        log.onCall(second);
        assertThat(log.latestCall("c1")).isSameAs(second);
        assertThat(log.onAnswer(second, "{\"ok\":true}")).isEqualTo(Answer.EXPECTED);
        assertThat(lines())
                .containsExactly(
                        "TOOL book{} -> the outcome is unknown; check it before you repeat this call",
                        "TOOL book{} -> {\"ok\":true}");
        assertThat(log.onAnswer(first, "{\"ok\":false}")).isEqualTo(Answer.LATE);
        assertThat(lines()).containsExactly("TOOL book{} -> {\"ok\":false}", "TOOL book{} -> {\"ok\":true}");
    }

    @Test
    void aLineIsCutWhenItIsLogged() {
        words("r1", "i1", "x".repeat(3_999));
        words("r1", "i1", "yy");
        words("r1", "i1", "z");
        ToolRequest call = new ToolRequest("c1", "book", "a".repeat(10_000), "r1", 1);
        log.onCall(call);
        log.onAnswer(call, "b".repeat(10_000));
        assertThat(lines())
                .containsExactly(
                        "ASSISTANT " + "x".repeat(3_999) + "…",
                        "TOOL book" + "a".repeat(1_995) + "… -> " + "b".repeat(1_995) + "…");
    }

    @Test
    void aLineThatWasCutWhenItWasLoggedKeepsTheShareOfTheWholeThatWasHeard() {
        words("r1", "i1", "x".repeat(10_000));
        log.onCut("i1", "r1", Duration.ofMillis(100), Duration.ofSeconds(1));
        assertThat(lines()).containsExactly("ASSISTANT " + "x".repeat(1_000));
    }

    @Test
    void whatWasAddedFromOutsideIsTheirsAndAsksForNothing() {
        assertThat(log.onMessage(new ClientEvent.Message("user", "My number is 7.", null)))
                .isTrue();
        assertThat(log.onMessage(new ClientEvent.Message("assistant", "Noted.", null)))
                .isTrue();
        assertThat(log.onMessage(new ClientEvent.Message("system", "It is late.", null)))
                .isFalse();
        words(null, null, "Hello.");
        assertThat(lines()).containsExactly("USER My number is 7.", "ASSISTANT Noted.", "ASSISTANT Hello.");
        log.onMessage(new ClientEvent.Message("user", "Well?", null));
        assertThat(log.owesReply()).isFalse();
    }

    @Test
    void aReplyIsOwedUnlessTheLastWordWasTheAgents() {
        assertThat(log.owesReply()).isFalse();
        log.onUserText("When?");
        assertThat(log.owesReply()).isTrue();
        words("r1", "i1", "At ten.");
        assertThat(log.owesReply()).isFalse();
        caller("u1");
        assertThat(log.owesReply()).isFalse();
        log.onCall(new ToolRequest("c1", "book", "{}", "r2", 1));
        assertThat(log.owesReply()).isTrue();
    }

    @Test
    void theLatestFourHundredLinesAreKept() {
        for (int i = 0; i <= 400; i++) {
            log.onUserText("line " + i);
        }
        assertThat(lines()).hasSize(400).first().isEqualTo("USER line 1");
    }

    @Test
    void noMoreIsKeptThanAServerIsToldButForCallsThatAreOpen() {
        ToolRequest open = new ToolRequest("c0", "book", "{}", "r0", 1);
        log.onCall(open);
        ToolRequest settled = new ToolRequest("c1", "book", "{}", "r0", 1);
        log.onCall(settled);
        log.onAnswer(settled, "ok");
        for (int i = 0; i < 100; i++) {
            log.onUserText(i + " " + "x".repeat(996));
        }
        // What the last line holds is not yet known when it is begun.
        assertThat(lines()).hasSize(19).startsWith("TOOL book{}").element(1).isEqualTo("USER 82 " + "x".repeat(996));
        assertThat(log.onAnswer(open, "ok")).isEqualTo(Answer.EXPECTED);
    }

    @Test
    void theLongArgumentsOfACallThatHasItsOutputAreNotKept() {
        ToolRequest call = new ToolRequest("c1", "book", "a".repeat(10_000), "r1", 1);
        log.onCall(call);
        assertThat(log.latestCall("c1")).isSameAs(call);
        log.onAnswer(call, "ok");
        assertThat(log.latestCall("c1")).isEqualTo(new ToolRequest("c1", "book", "a".repeat(1_999) + "…", "r1", 1));
        assertThat(log.onAnswer(call, "again")).isEqualTo(Answer.REPEATED);
    }

    private void caller(@Nullable String itemId) {
        log.onEvent(new ServerEvent.SpeechStarted(itemId, null));
    }

    private void transcript(@Nullable String itemId, String words) {
        log.onEvent(new ServerEvent.InputTranscript(itemId, words));
    }

    private void created(@Nullable String responseId) {
        log.onEvent(new ServerEvent.ResponseCreated(responseId));
    }

    private void words(@Nullable String responseId, @Nullable String itemId, String delta) {
        log.onEvent(new ServerEvent.OutputTranscript(responseId, itemId, delta));
    }
}
