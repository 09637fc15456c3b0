package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call id that comes again is answered from the ledger; a call never runs twice. */
class RepeatedCallsTest {
    private final FakeHandle session = new FakeHandle(new FakeClock());
    private final Tools tools = new Tools();
    private final List<ToolMeter.Measure> measures = new CopyOnWriteArrayList<>();
    private final SessionPart part =
            Toolbox.builder().tools(tools).meter(measures::add).build().open(session);

    static final class Tools {
        final AtomicInteger runs = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);

        @Tool
        int count(int from) {
            return from + runs.incrementAndGet();
        }

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
        int note(int from) {
            return from + runs.incrementAndGet();
        }

        @Tool
        int held() throws InterruptedException {
            int run = runs.incrementAndGet();
            release.await();
            return run;
        }

        @Tool
        String large(int length) {
            runs.incrementAndGet();
            return "x".repeat(length);
        }
    }

    @AfterEach
    void end() {
        session.close();
    }

    private void ask(ToolRequest request) {
        session.loop().execute(() -> part.onToolRequest(request));
    }

    private static ToolRequest request(String callId, String responseId, String name, String arguments) {
        return new ToolRequest(callId, name, arguments, responseId, 1);
    }

    private static FakeHandle.Answer ok(String callId, int result) {
        return new FakeHandle.Answer(callId, "{\"ok\":true,\"result\":" + result + "}");
    }

    private void awaitAnswers(int count) {
        await().until(() -> session.answers.size() >= count);
    }

    @Test
    void theRecordedOutputIsSentAgainAndNothingRunsASecondTime() {
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        awaitAnswers(1);
        ask(request("c1", "r2", "count", "{\"from\":10}"));
        awaitAnswers(2);

        assertThat(session.answers).containsExactly(ok("c1", 11), ok("c1", 11));
        assertThat(tools.runs).hasValue(1);
        assertThat(session.outcomes).hasSize(1);
        assertThat(measures).hasSize(1);
        assertThat(session.problems)
                .containsExactly(new Problem(
                        Problem.Kind.OUT_OF_ORDER,
                        "the tool call id c1 came again; it was answered as before and not run again"));
    }

    @Test
    void whatWasAnsweredQuietlyIsAnsweredQuietlyAgain() {
        ask(request("c1", "r1", "note", "{\"from\":10}"));
        await().until(() -> session.quiet.size() == 1);
        ask(request("c1", "r2", "note", "{\"from\":10}"));
        await().until(() -> session.quiet.size() == 2);

        assertThat(session.quiet).containsExactly(ok("c1", 11), ok("c1", 11));
        assertThat(session.answers).isEmpty();
    }

    @Test
    void anEchoInTheSameResponseIsLeftAlone() {
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        awaitAnswers(1);
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        await().until(() -> session.problems.size() == 1);

        assertThat(session.answers).containsExactly(ok("c1", 11));
        assertThat(session.problems.get(0).message())
                .isEqualTo("the tool call id c1 came again in its own response; its one output answers it");
    }

    @Test
    void oneOutputAnswersBothWhileTheFirstStillRuns() {
        ask(request("c1", "r1", "held", "{}"));
        await().until(() -> tools.runs.get() == 1);
        ask(request("c1", "r2", "held", "{}"));
        await().until(() -> session.problems.size() == 1);
        tools.release.countDown();
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.answers).containsExactly(ok("c1", 1));
        assertThat(tools.runs).hasValue(1);
        assertThat(session.problems.get(0).message())
                .isEqualTo("the tool call id c1 came again while its call runs; the one output answers both");
    }

    @Test
    void anotherCallUnderTheSameIdIsRefusedAndNotRun() {
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        awaitAnswers(1);
        ask(request("c1", "r2", "count", "{\"from\":20}"));
        ask(request("c1", "r2", "large", "{\"from\":10}"));
        ask(request("c1", "r3", "count", "{\"from\":10}"));
        awaitAnswers(4);

        FakeHandle.Answer refusal = new FakeHandle.Answer(
                "c1",
                "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"the call id c1 stands for an"
                        + " earlier call, of another tool or with other arguments; this one was not run, so make it as"
                        + " a call of its own\"}}");
        assertThat(session.answers).containsExactly(ok("c1", 11), refusal, refusal, ok("c1", 11));
        assertThat(tools.runs).hasValue(1);
        assertThat(session.outcomes)
                .extracting(each -> each.request().argumentsJson() + " " + each.errorCode())
                .containsExactly(
                        "{\"from\":10} null", "{\"from\":20} invalid_arguments", "{\"from\":10} invalid_arguments");
        assertThat(measures)
                .extracting(each -> each.tool() + " " + each.errorCode())
                .containsExactly("count null", "count invalid_arguments", "large invalid_arguments");
    }

    /** Servers tell of a call in several events; those of a repetition were once answered each. */
    @Test
    void anEchoOfARepetitionAndOfARefusedCallIsLeftAloneToo() {
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        awaitAnswers(1);
        for (int i = 0; i < 3; i++) {
            ask(request("c1", "r2", "count", "{\"from\":10}"));
        }
        for (int i = 0; i < 3; i++) {
            ask(request("c1", "r3", "count", "{\"from\":20}"));
        }
        await().until(() -> session.problems.size() == 6);

        assertThat(session.answers).hasSize(3).startsWith(ok("c1", 11), ok("c1", 11));
        assertThat(session.outcomes)
                .extracting(each -> each.errorCode() == null ? "ok" : each.errorCode())
                .containsExactly("ok", "invalid_arguments");
        assertThat(tools.runs).hasValue(1);
    }

    @Test
    void theSameIdOnTheNextConnectionIsANewCall() {
        ask(request("c1", "r1", "count", "{\"from\":10}"));
        awaitAnswers(1);
        ask(new ToolRequest("c1", "count", "{\"from\":20}", "r1", 2));
        awaitAnswers(2);

        assertThat(session.answers).containsExactly(ok("c1", 11), ok("c1", 22));
        assertThat(session.problems).isEmpty();
    }

    @Test
    void whatWasForgottenIsRefusedAndNotRunAgain() {
        // 64 KiB of output each, of which 2 Mi characters are kept.
        for (int i = 0; i < 40; i++) {
            ask(request("c" + i, "r" + i, "large", "{\"length\":65000}"));
            awaitAnswers(i + 1);
        }
        ask(request("c0", "again", "large", "{\"length\":65000}"));
        ask(request("c39", "again", "large", "{\"length\":65000}"));
        awaitAnswers(42);

        assertThat(session.answers.get(40).output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"this call of large was answered"
                        + " before and is not run again; its result is no longer kept, so check what it did\"}}");
        assertThat(session.answers.get(41)).isEqualTo(session.answers.get(39));
        assertThat(tools.runs).hasValue(40);
    }

    @Test
    void theLedgerTakesTenThousandCallsAndKeepsTheWordsOfTheLastThousand() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < Ledger.MOST_CALLS; i++) {
            ToolRequest request = request("c" + i, "r", "count", "{}");
            assertThat(ledger.begins(request)).isTrue();
            PastCall past =
                    new PastCall(new ToolCall("c" + i, "count", "{}"), new ToolResult(true, null, "{\"ok\":true}"));
            ledger.settles(past);
            ledger.ends(request, past);
        }

        assertThat(ledger.begins(request("one more", "r", "count", "{}"))).isFalse();
        assertThat(ledger.past()).hasSize(Ledger.MOST_WITH_WORDS);
        assertThat(ledger.past().get(0).call().callId()).isEqualTo("c9000");
        assertThat(ledger.find(request("c8999", "r", "count", "{}")))
                .isEqualTo(new Ledger.Entry("count", "r", null, null, null));
        assertThat(ledger.find(request("c9000", "r", "count", "{}")))
                .isEqualTo(new Ledger.Entry("count", "r", "{}", new ToolResult(true, null, "{\"ok\":true}"), null));
    }
}
