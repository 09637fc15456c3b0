package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Problem;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a tool call is whole, from whichever events tell of it. */
class CallAssemblerTest {
    private final List<ToolRequest> calls = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private CallAssembler assembler = assembler(false);

    private CallAssembler assembler(boolean waitsForItems) {
        return new CallAssembler(1, waitsForItems, calls::add, problems::add);
    }

    @Test
    void aCallIsHandedOnAtOnceWhereItemsAreNotCompleted() {
        arguments("i1", "c1", "book");
        assertThat(calls).containsExactly(new ToolRequest("c1", "book", "{}", "r1", 1));
        done("completed");
        assertThat(calls).hasSize(1);
    }

    @Test
    void whereItemsAreCompletedACallWaitsForItsOwn() {
        assembler = assembler(true);
        item("i1", "c1", "book", null, false, "in_progress");
        arguments("i1", "c1", "book");
        assertThat(calls).isEmpty();
        item("i1", "c1", "book", "{}", true, "completed");
        assertThat(calls).containsExactly(new ToolRequest("c1", "book", "{}", "r1", 1));
        done("completed");
        assertThat(calls).hasSize(1);
    }

    @Test
    void aCallWhoseItemEndsIncompleteIsNotRun() {
        assembler = assembler(true);
        item("i1", "c1", "book", null, false, "in_progress");
        arguments("i1", "c1", "book");
        item("i1", "c1", "book", "{}", true, "incomplete");
        done("incomplete");
        assertThat(calls).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void aCallOfACancelledReplyIsNotRun() {
        assembler = assembler(true);
        arguments("i1", "c1", "book");
        done("cancelled");
        assertThat(calls).isEmpty();
    }

    @Test
    void theNameMayComeFromTheItemAndTheIdToo() {
        item("i1", "c1", "book", null, false, "in_progress");
        arguments("i1", null, null);
        assertThat(calls).containsExactly(new ToolRequest("c1", "book", "{}", "r1", 1));
    }

    @Test
    void theItemMayComeAfterTheArguments() {
        arguments("i1", null, null);
        assertThat(calls).isEmpty();
        item("i1", "c1", "book", "{}", true, "completed");
        assertThat(calls).containsExactly(new ToolRequest("c1", "book", "{}", "r1", 1));
    }

    @Test
    void aCallWithoutANameIsAnsweredAndOneWithoutAnIdIsReported() {
        arguments("i1", "c1", null);
        arguments("i2", null, "book");
        done("completed");
        assertThat(calls).containsExactly(new ToolRequest("c1", "", "{}", "r1", 1));
        assertThat(problems)
                .extracting(Problem::message)
                .containsExactly(
                        "the provider asked for the tool book without a call id, so the call was not run: nothing"
                                + " could carry its answer");
    }

    @Test
    void callsThatOnlyTheRepliesOutputTellsAreRunOnce() {
        assembler.onResponseDone(
                new ServerEvent.ResponseDone(
                        "r1",
                        "completed",
                        List.of(new Item("i1", "function_call", null, "completed", "", "c1", "book", "{}"))),
                id -> true);
        assertThat(calls).containsExactly(new ToolRequest("c1", "book", "{}", "r1", 1));
        arguments("i1", "c1", "book");
        assertThat(calls).hasSize(1);
    }

    /** Each was handed on a second time, and whoever answers calls told of each that it came again. */
    @Test
    void theEndOfAReplyOfAThousandCallsTellsOfNoneAnew() {
        List<Item> output = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            arguments("i" + i, "c" + i, "book");
            output.add(new Item("i" + i, "function_call", null, "completed", "", "c" + i, "book", "{}"));
        }
        assembler.onResponseDone(new ServerEvent.ResponseDone("r1", "completed", output), id -> true);
        assertThat(calls).hasSize(1_000);
        assertThat(problems).isEmpty();
    }

    @Test
    void aServerThatOpensCallsWithoutEndIsCutOff() {
        for (int i = 0; i < 1_000; i++) {
            arguments("i" + i, null, null);
        }
        String tooMany = "the provider has more than 128 tool calls open; the oldest are dropped";
        assertThat(problems).extracting(Problem::message).containsExactly(tooMany);
        done("completed");
        // Those that are still open at their reply's end have no call id.
        assertThat(problems).hasSize(1 + 128);
        for (int i = 0; i < 1_000; i++) {
            arguments("j" + i, null, null);
        }
        assertThat(problems).extracting(Problem::message).endsWith(tooMany).hasSize(2 + 128);
    }

    private void arguments(@Nullable String itemId, @Nullable String callId, @Nullable String name) {
        assembler.onArguments(new ServerEvent.FunctionCallArguments("r1", itemId, callId, name, "{}"));
    }

    private void item(String id, String callId, String name, @Nullable String arguments, boolean done, String status) {
        assembler.onItem("r1", new Item(id, "function_call", null, status, "", callId, name, arguments), done);
    }

    private void done(String status) {
        assembler.onResponseDone(new ServerEvent.ResponseDone("r1", status, List.of()), id -> true);
    }
}
