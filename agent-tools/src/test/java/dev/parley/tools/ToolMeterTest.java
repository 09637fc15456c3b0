package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every call is measured once, refusals too, wherever it comes from. */
class ToolMeterTest {
    private final FakeClock clock = new FakeClock();
    private final List<ToolMeter.Measure> measures = new CopyOnWriteArrayList<>();

    final class Tools {
        private final CountDownLatch never = new CountDownLatch(1);

        @Tool
        String work() {
            clock.advance(Duration.ofMillis(30));
            return "ദ";
        }

        @Tool
        @ToolPolicy(timeout = "50ms")
        void hangs() throws InterruptedException {
            never.await();
        }
    }

    private Toolbox.Builder toolbox() {
        return Toolbox.builder().tools(new Tools()).clock(clock).meter(measures::add);
    }

    private static ToolMeter.Measure measure(String tool, String code, int queued, int ran, int bytes) {
        return new ToolMeter.Measure(tool, code, Duration.ofMillis(queued), Duration.ofMillis(ran), bytes);
    }

    @Test
    void whatACallTookIsToldApart() {
        Deque<Runnable> queue = new ArrayDeque<>();
        Toolbox toolbox = toolbox().executor(queue::add).build();
        var unused = toolbox.call(ToolCall.of("work", "{}"));
        clock.advance(Duration.ofMillis(20));
        queue.remove().run();

        // {"ok":true,"result":"…"} with one letter of three bytes.
        assertThat(measures).containsExactly(measure("work", null, 20, 30, 26));
    }

    @Test
    void refusalsAreMeasuredAndMadeUpNamesAreOne() {
        Toolbox toolbox = toolbox()
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .build();
        var unused = toolbox.call(ToolCall.of("work", "{}"));
        unused = toolbox.call(ToolCall.of("made_up_1", "{}"));
        unused = toolbox.call(ToolCall.of("made_up_2", "{}"));

        assertThat(measures)
                .extracting(each -> each.tool() + " " + each.errorCode() + " " + each.ran())
                .containsExactly("work busy PT0S", "(unknown) unknown_tool PT0S", "(unknown) unknown_tool PT0S");
    }

    @Test
    void aTimeoutIsMeasuredWhenItIsTold() {
        var result = toolbox().build().call(ToolCall.of("hangs", "{}")).toCompletableFuture();
        await().until(() -> clock.pendingTimers() > 0);
        clock.advance(Duration.ofMillis(50));

        assertThat(result.orTimeout(20, TimeUnit.SECONDS).join().errorCode()).isEqualTo("timeout");
        assertThat(measures)
                .singleElement()
                .satisfies(each -> assertThat(each.queued().plus(each.ran())).isEqualTo(Duration.ofMillis(50)));
    }

    @Test
    void callsOfAiServicesAreMeasuredToo() {
        InvocationContext invocation =
                InvocationContext.builder().chatMemoryId("chat-1").build();
        var tools = toolbox()
                .executor(Runnable::run)
                .build()
                .asToolProvider()
                .provideTools(ToolProviderRequest.builder()
                        .invocationContext(invocation)
                        .userMessage(UserMessage.from("hello"))
                        .build());
        tools.aiServiceTools().stream()
                .filter(each -> each.name().equals("work"))
                .findFirst()
                .orElseThrow()
                .toolExecutor()
                .executeWithContext(
                        ToolExecutionRequest.builder()
                                .id("1")
                                .name("work")
                                .arguments("{}")
                                .build(),
                        invocation);

        assertThat(measures).containsExactly(measure("work", null, 0, 30, 26));
    }

    @Test
    void aMeterThatThrowsCostsNobodyHisResult() {
        Toolbox toolbox = Toolbox.builder()
                .tools(new Tools())
                .clock(clock)
                .executor(Runnable::run)
                .meter(call -> {
                    throw new IllegalStateException("the registry is closed");
                })
                .build();

        assertThat(toolbox.call(ToolCall.of("work", "{}"))
                        .toCompletableFuture()
                        .join()
                        .ok())
                .isTrue();
    }
}
