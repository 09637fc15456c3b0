package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a call may take: what its tool says, else its toolbox, and not the time in which somebody was asked. */
@Timeout(60)
class TimeoutsTest {
    private final FakeClock clock = new FakeClock();
    private final Tools tools = new Tools();

    static final class Tools {
        private final CountDownLatch never = new CountDownLatch(1);
        private final AtomicBoolean runs = new AtomicBoolean();

        @Tool
        void plain() throws InterruptedException {
            runs.set(true);
            never.await();
        }

        @Tool
        @ToolPolicy(serial = true)
        void ofAPolicyWithout() throws InterruptedException {
            plain();
        }

        @Tool
        @ToolPolicy(timeout = "5s")
        void ofAPolicyWith() throws InterruptedException {
            plain();
        }
    }

    private static String timeout(String tool, int seconds) {
        return "{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"" + tool + " did not finish within "
                + seconds + " s; whether it took effect is unknown, so check before you repeat it\"}}";
    }

    @ParameterizedTest
    @CsvSource({"plain, 30", "ofAPolicyWithout, 30", "ofAPolicyWith, 5"})
    void theToolboxSaysItForToolsThatDoNot(String tool, int seconds) {
        Toolbox toolbox = Toolbox.builder()
                .tools(tools)
                .timeout(Duration.ofSeconds(30))
                .clock(clock)
                .build();
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of(tool, "{}")).toCompletableFuture();
        await().untilTrue(tools.runs);
        clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
        assertThat(call).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(call).isCompletedWithValueMatching(result -> result.output().equals(timeout(tool, seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.001S"})
    void noneOfNothingAndNoneOfMoreThanADay(Duration time) {
        assertThatThrownBy(() -> Toolbox.builder().timeout(time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a call needs some time, and a day at most, not " + time);
    }

    /** It once began afresh with each yes, so that a call could take twice its time. */
    @Test
    void itStandsStillWhileTheApproverIsAskedAndThenGoesOn() {
        CompletableFuture<Void> before = new CompletableFuture<>();
        AtomicBoolean isBefore = new AtomicBoolean();
        CompletableFuture<Approver.Decision> decision = new CompletableFuture<>();
        AtomicBoolean isAsked = new AtomicBoolean();
        Toolbox toolbox = Toolbox.builder()
                .tools(tools)
                .interceptor(chain -> {
                    isBefore.set(true);
                    return before.thenCompose(nothing -> chain.proceed(chain.call()));
                })
                .approvalWhen(call -> true)
                .approver((call, context) -> {
                    isAsked.set(true);
                    return decision;
                })
                .clock(clock)
                .build();
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("plain", "{}")).toCompletableFuture();
        await().untilTrue(isBefore);
        clock.advance(Duration.ofSeconds(6));
        before.complete(null);
        await().untilTrue(isAsked);
        clock.advance(Duration.ofSeconds(30));
        decision.complete(Approver.Decision.approve());
        await().untilTrue(tools.runs);
        clock.advance(Duration.ofSeconds(4).minusMillis(1));
        assertThat(call).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(call).isCompletedWithValueMatching(result -> result.output().equals(timeout("plain", 10)));
    }
}
