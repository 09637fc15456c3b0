package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls at once are bounded in each session, and over all toolboxes that share a limit: those of a process, unless said. */
@Timeout(60)
class ToolLimitTest {
    private static final String BUSY = "{\"ok\":false,\"error\":{\"code\":\"busy\",\"message\":\"too many calls are"
            + " running; wait for their results, then try again\"}}";

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final FakeHandle one = new FakeHandle(clock);
    private final FakeHandle two = new FakeHandle(clock);
    private final Tools tools = new Tools();

    static final class Tools {
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger running = new AtomicInteger();

        @Tool
        String holds() {
            running.incrementAndGet();
            boolean interrupted = false;
            while (true) {
                try {
                    release.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            running.decrementAndGet();
            return interrupted ? "late" : "held";
        }
    }

    @AfterEach
    void end() {
        tools.release.countDown();
        await().until(() -> tools.running.get() == 0);
        one.close();
        two.close();
    }

    private static void ask(FakeHandle session, SessionPart part, String callId) {
        session.loop().execute(() -> part.onToolRequest(new ToolRequest(callId, "holds", "{}", null)));
    }

    private static List<String> busy(FakeHandle session) {
        return session.answers.stream()
                .filter(each -> each.output().equals(BUSY))
                .map(each -> each.callId())
                .toList();
    }

    @Test
    void twoToolboxesThatShareALimitCountTogether() {
        ToolLimit limit = ToolLimit.of(3);
        SessionPart first = Toolbox.builder().tools(tools).limit(limit).build().open(one);
        SessionPart second = Toolbox.builder().tools(tools).limit(limit).build().open(two);
        ask(one, first, "c1");
        ask(one, first, "c2");
        ask(two, second, "c3");
        await().until(() -> tools.running.get() == 3);
        assertThat(limit).hasToString("ToolLimit[3 of 3]");
        ask(two, second, "c4");
        ask(one, first, "c5");

        await().until(() -> busy(two).equals(List.of("c4")) && busy(one).equals(List.of("c5")));
        tools.release.countDown();
        await().until(() -> limit.running() == 0);
        ask(two, second, "c6");
        await().until(() -> two.outcomes.size() == 3);
        assertThat(two.answers.get(2).output()).isEqualTo("{\"ok\":true,\"result\":\"held\"}");
    }

    @Test
    void aCallCountsUntilItsMethodHasReallyReturned() {
        ToolLimit limit = ToolLimit.of(1);
        Toolbox toolbox =
                Toolbox.builder().tools(tools).limit(limit).clock(clock).build();
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("holds", "{}")).toCompletableFuture();
        await().until(() -> tools.running.get() == 1);
        clock.advance(Duration.ofSeconds(10));
        await().until(call::isDone);

        assertThat(call.join().errorCode()).isEqualTo("timeout");
        assertThat(limit.running()).isEqualTo(1);
        assertThat(toolbox.call(ToolCall.of("holds", "{}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo(BUSY);
        tools.release.countDown();
        await().until(() -> limit.running() == 0);
    }

    @Test
    void toolboxesThatAreNotToldOtherwiseShareThatOfTheProcess() {
        int before = ToolLimit.ofProcess().running();
        List<CompletableFuture<ToolResult>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            calls.add(Toolbox.of(tools).call(ToolCall.of("holds", "{}")).toCompletableFuture());
        }
        await().until(() -> tools.running.get() == 2);
        assertThat(ToolLimit.ofProcess().running()).isEqualTo(before + 2);
        assertThat(ToolLimit.ofProcess().most()).isEqualTo(256);

        Toolbox ofItsOwn =
                Toolbox.builder().tools(tools).mostCallsAtOnce(8, 100).build();
        calls.add(ofItsOwn.call(ToolCall.of("holds", "{}")).toCompletableFuture());
        await().until(() -> tools.running.get() == 3);
        assertThat(ToolLimit.ofProcess().running()).isEqualTo(before + 2);
        tools.release.countDown();
        await().until(() -> calls.stream().allMatch(CompletableFuture::isDone)
                && ToolLimit.ofProcess().running() == before);
    }

    @Test
    void inOneSessionEightCallsRunAtOnceUnlessSaid() {
        SessionPart first = Toolbox.of(tools).open(one);
        for (int i = 1; i <= 9; i++) {
            ask(one, first, "c" + i);
        }

        await().until(() -> busy(one).equals(List.of("c9")));
        await().until(() -> tools.running.get() == 8);
    }

    @Test
    void aLimitAllowsSomething() {
        assertThatThrownBy(() -> ToolLimit.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at least one call must be allowed, not 0");
        assertThatThrownBy(() -> Toolbox.builder().mostCallsAtOnce(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at least one call must be allowed, not 0");
    }
}
