package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.invocation.InvocationParameters;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolProgress;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ResponseOptions;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a tool can do through its context, in a session and outside of any. */
class SessionContextTest {
    private final FakeClock clock = new FakeClock();
    private final FakeHandle session = new FakeHandle(clock);
    private final Tools tools = new Tools();
    private final SessionPart part = Toolbox.of(tools).open(session);

    @SuppressWarnings("DoNotCallSuggester") // a tool that throws is one of them
    static final class Tools {
        final List<String> told = new CopyOnWriteArrayList<>();
        final CountDownLatch release = new CountDownLatch(1);
        volatile ToolContext last = ToolContext.of("none", Map.of());

        @Tool
        String look(ToolContext context) {
            context.progress("still looking");
            return "found";
        }

        @Tool
        @ToolPolicy(speakProgress = true, timeout = "2m")
        String lookAloud(ToolContext context) throws InterruptedException {
            last = context;
            context.progress("still looking");
            release.await();
            return "found";
        }

        @Tool
        String goodbye(ToolContext context) {
            context.endCallAfterReply();
            return "bye";
        }

        @Tool
        String person(ToolContext context) {
            context.endCallAfterReply();
            context.transfer("sip:desk@example.test");
            return "a person will take over";
        }

        @Tool
        String failingGoodbye(ToolContext context) {
            context.endCallAfterReply();
            throw new ToolException("There is an open booking.");
        }

        @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
        String note(String text) {
            if (text.isEmpty()) {
                throw new ToolException("Nothing to note.");
            }
            return "noted";
        }

        @Tool
        @ToolPolicy(timeout = "5s", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        CompletionStage<String> elsewhere(ToolContext context) {
            last = context;
            context.onCancelled(() ->
                    told.add("cancelled on " + Thread.currentThread().getName().replaceAll("-\\d+", "")));
            return new CompletableFuture<>();
        }

        @Tool
        String who(@ToolMemoryId String memory, InvocationParameters parameters, ToolContext context) {
            return memory + " " + parameters.asMap() + " " + context.callId();
        }
    }

    @AfterEach
    void end() {
        tools.release.countDown();
        session.close();
    }

    private ToolRequest ask(String name, String arguments) {
        ToolRequest request = new ToolRequest("c1", name, arguments, "r1", 1);
        session.loop().execute(() -> part.onToolRequest(request));
        return request;
    }

    private static String outside(Toolbox toolbox, String name) {
        return toolbox.call(ToolCall.of(name, "{}"))
                .toCompletableFuture()
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join()
                .output();
    }

    @Test
    void progressIsToldToListenersAndNotSpoken() {
        ToolRequest request = ask("look", "{}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.progress).containsExactly(new ToolProgress(request, "still looking"));
        assertThat(session.replies).isEmpty();
    }

    @Test
    void progressIsSpokenWhereThePolicySaysSoAndNotTwiceInOneBreath() {
        ask("lookAloud", "{}");
        await().until(() -> session.replies.size() == 1);
        clock.advance(Duration.ofMillis(3_999));
        tools.last.progress("half way");
        assertThat(session.replies).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        tools.last.progress("nearly there");

        assertThat(session.progress)
                .extracting(ToolProgress::text)
                .containsExactly("still looking", "half way", "nearly there");
        assertThat(session.replies)
                .containsExactly(
                        ResponseOptions.builder()
                                .outOfBand()
                                .instructions(
                                        "A tool is still at work. Tell the caller so in one short sentence, in the"
                                                + " language of the conversation, and nothing else. What the tool says of itself:"
                                                + " still looking")
                                .build(),
                        ResponseOptions.builder()
                                .outOfBand()
                                .instructions(
                                        "A tool is still at work. Tell the caller so in one short sentence, in the"
                                                + " language of the conversation, and nothing else. What the tool says of itself:"
                                                + " nearly there")
                                .build());
    }

    @Test
    void progressIsToldToListenersAloneWhereTheProviderCannotBeAsked() {
        session.takesOptions = false;
        ask("lookAloud", "{}");
        await().until(() -> session.progress.size() == 1);
        tools.release.countDown();
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.answers).containsExactly(new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"found\"}"));
    }

    @Test
    void aFloodOfProgressIsCutOffAndSaysSo() {
        ask("lookAloud", "{}");
        await().until(() -> session.progress.size() == 1);
        for (int i = 0; i < 1_000; i++) {
            tools.last.progress("again");
        }

        assertThat(session.progress).hasSize(100);
        assertThat(session.problems)
                .containsExactly(new Problem(
                        Problem.Kind.EXTENSION_FAILED,
                        "lookAloud reported its progress 100 times in one call; the rest is left out"));
    }

    @Test
    void progressAfterTheCallWasAnsweredReachesNobody() {
        ask("elsewhere", "{}");
        await().until(() -> clock.pendingTimers() > 0);
        clock.advance(Duration.ofSeconds(5));
        await().until(() -> session.outcomes.size() == 1);
        tools.last.progress("still looking");

        assertThat(tools.last.cancelled()).isTrue();
        assertThat(session.progress).isEmpty();
    }

    @Test
    void aCallThatEndedByItselfWasNotCancelledAndReportsNothingMore() {
        ask("lookAloud", "{}");
        await().until(() -> session.progress.size() == 1);
        tools.release.countDown();
        await().until(() -> session.outcomes.size() == 1);
        tools.last.progress("still looking");

        assertThat(tools.last.cancelled()).isFalse();
        assertThat(session.progress).hasSize(1);
    }

    @Test
    void theSessionIsAskedToEndBeforeTheCallIsAnswered() {
        ask("goodbye", "{}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.order).containsExactly("hang up after c1", "answer c1");
    }

    @Test
    void theLastOfSeveralEndingsCounts() {
        ask("person", "{}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.order).containsExactly("transfer to sip:desk@example.test after c1", "answer c1");
    }

    @Test
    void aCallThatFailsEndsNothing() {
        ask("failingGoodbye", "{}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.order).containsExactly("answer c1");
    }

    @Test
    void anImmediateResultIsAnsweredQuietly() {
        ask("note", "{\"text\":\"x\"}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.quiet).containsExactly(new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"noted\"}"));
        assertThat(session.answers).isEmpty();
    }

    @Test
    void aFailureOfAnImmediateToolIsSpokenOf() {
        ask("note", "{\"text\":\"\"}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.answers)
                .containsExactly(new FakeHandle.Answer(
                        "c1", "{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"Nothing to note.\"}}"));
        assertThat(session.quiet).isEmpty();
    }

    @Test
    void aTaskRunsOffTheLoopWhenTheCallIsCancelled() {
        ask("elsewhere", "{}");
        await().until(() ->
                clock.pendingTimers() > 0 && !tools.last.conversationId().equals("none"));
        session.loop()
                .execute(() -> part.onInterrupted(
                        new Interruption(Interruption.Cause.CALLER_SPOKE, null, null, Duration.ZERO)));
        await().until(() -> tools.told.size() == 1);
        assertThat(tools.told).containsExactly("cancelled on parley-tool");

        tools.last.onCancelled(() -> tools.told.add("late"));
        await().until(() -> tools.told.contains("late"));
    }

    @Test
    void langChain4jsOwnParametersAreTheConversations() {
        ask("who", "{}");
        await().until(() -> session.outcomes.size() == 1);

        assertThat(session.answers)
                .containsExactly(
                        new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"conversation-7 {customer=Asha} c1\"}"));
    }

    @Test
    void outsideASessionProgressIsIgnoredAndAnEndingIsRefusedInWords() {
        Toolbox toolbox = Toolbox.of(tools);

        assertThat(outside(toolbox, "look")).isEqualTo("{\"ok\":true,\"result\":\"found\"}");
        assertThat(outside(toolbox, "goodbye"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"This conversation is not a voice"
                        + " call: it cannot be ended or handed over.\"}}");
    }
}
