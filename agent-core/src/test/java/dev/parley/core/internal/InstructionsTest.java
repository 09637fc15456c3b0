package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.History.Entry;
import dev.parley.core.History.Speaker;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an earlier conversation is told. */
class InstructionsTest {
    private static final List<Entry> TALK = List.of(
            new Entry(Speaker.USER, "When?"),
            new Entry(Speaker.TOOL, "slots{} -> [10]"),
            new Entry(Speaker.ASSISTANT, "At ten."));

    @Test
    void withoutAConversationTheInstructionsStayAsTheyAre() {
        assertThat(Instructions.with("Be brief.", List.of())).isEqualTo("Be brief.");
        assertThat(Instructions.with(null, List.of())).isNull();
    }

    @Test
    void aConversationFollowsThem() {
        String told = "This conversation goes on from an earlier one. What was said and done so far:\n"
                + "user: When?\ntool: slots{} -> [10]\nassistant: At ten.\n";
        assertThat(Instructions.with("Be brief.", TALK)).isEqualTo("Be brief.\n\n" + told);
        assertThat(Instructions.with(null, TALK)).isEqualTo(told);
    }

    @Test
    void whereItemsAreTakenEachEntryIsOne() {
        assertThat(TALK.stream().map(Instructions::message))
                .containsExactly(
                        new ClientEvent.Message("user", "When?", null),
                        new ClientEvent.Message("system", "A tool was called: slots{} -> [10]", null),
                        new ClientEvent.Message("assistant", "At ten.", null));
    }

    @Test
    void theLatestSixteenThousandCharactersAreTold() {
        Entry thousand = new Entry(Speaker.USER, "x".repeat(1_000));
        assertThat(Instructions.latest(Collections.nCopies(20, thousand))).hasSize(16);
        assertThat(Instructions.latest(TALK)).isEqualTo(TALK);
        // Of the one that crosses the limit the beginning is told.
        Entry tenThousand = new Entry(Speaker.USER, "y".repeat(10_000));
        assertThat(Instructions.latest(List.of(thousand, tenThousand, tenThousand)))
                .containsExactly(new Entry(Speaker.USER, "y".repeat(5_999) + "…"), tenThousand);
        Entry long1 = new Entry(Speaker.USER, "x".repeat(15_990));
        assertThat(Instructions.latest(List.of(thousand, long1))).containsExactly(long1);
    }

    @Test
    void aTextIsNotCutWithinACodePoint() {
        assertThat(Instructions.beginning("a😀b", 4)).isEqualTo("a😀b");
        assertThat(Instructions.beginning("a😀b", 3)).isEqualTo("a…");
        assertThat(Instructions.beginning("ab", 1)).isEqualTo("…");
        assertThat(Instructions.beginning("ab", 0)).isEmpty();
    }

    @Test
    void anOutcomeThatComesLateIsToldAsSuch() {
        assertThat(Instructions.lateOutcome(new ToolRequest("c1", "book", "{\"day\":1}", "r1", 1), "{\"ok\":true}"))
                .isEqualTo(new ClientEvent.Message(
                        "system", "The outcome of the tool call book{\"day\":1} is known now: {\"ok\":true}", null));
    }
}
