package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serial calls take turns within their conversation, in the order of their arrival, and do not wait for another's. */
@Timeout(60)
class SerialTurnsTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final FakeHandle one = new FakeHandle(clock);
    private final FakeHandle two = new FakeHandle(clock);
    private final Tools tools = new Tools();
    private final Toolbox toolbox = Toolbox.builder().tools(tools).clock(clock).build();

    static final class Tools {
        final List<Integer> begun = new CopyOnWriteArrayList<>();
        final Map<Integer, CountDownLatch> release = new ConcurrentHashMap<>();

        @Tool
        @ToolPolicy(serial = true)
        int turn(int number) {
            return held(number);
        }

        @Tool
        @ToolPolicy(serial = true)
        int other(int number) {
            return held(number);
        }

        private int held(int number) {
            begun.add(number);
            CountDownLatch latch = release(number);
            while (true) {
                try {
                    latch.await();
                    return number;
                } catch (InterruptedException e) {
                    // It has effects that cannot be broken off.
                }
            }
        }

        CountDownLatch release(int number) {
            return release.computeIfAbsent(number, each -> new CountDownLatch(1));
        }
    }

    @AfterEach
    void end() {
        for (int i = 0; i < 10; i++) {
            tools.release(i).countDown();
        }
        one.close();
        two.close();
    }

    private static void ask(FakeHandle session, SessionPart part, String tool, int number) {
        session.loop()
                .execute(() ->
                        part.onToolRequest(new ToolRequest("c" + number, tool, "{\"number\":" + number + "}", null)));
    }

    private CompletableFuture<ToolResult> call(String conversation, int number) {
        return toolbox.call(ToolCall.of("turn", "{\"number\":" + number + "}"), ToolContext.of(conversation, Map.of()))
                .toCompletableFuture();
    }

    @Test
    void allToolsThatAreSerialTakeTurnsInTheOrderOfTheirArrival() {
        SessionPart part = toolbox.open(one);
        for (int i = 1; i <= 6; i++) {
            ask(one, part, i % 2 == 0 ? "turn" : "other", i);
        }
        for (int i = 1; i <= 6; i++) {
            int number = i;
            await().until(() -> tools.begun.size() == number);
            tools.release(i).countDown();
        }

        await().until(() -> one.outcomes.size() == 6);
        assertThat(tools.begun).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void anotherSessionsDoNotWait() {
        SessionPart first = toolbox.open(one);
        SessionPart second = toolbox.open(two);
        ask(one, first, "turn", 1);
        await().until(() -> tools.begun.equals(List.of(1)));
        ask(two, second, "turn", 2);

        await().until(() -> tools.begun.equals(List.of(1, 2)));
    }

    @Test
    void outsideOfSessionsTheTurnsAreTheConversationsToo() {
        CompletableFuture<ToolResult> first = call("a", 1);
        await().until(() -> tools.begun.equals(List.of(1)));
        CompletableFuture<ToolResult> waits = call("a", 2);
        CompletableFuture<ToolResult> other = call("b", 3);
        await().until(() -> tools.begun.equals(List.of(1, 3)));

        assertThat(List.of(first, waits, other)).noneMatch(CompletableFuture::isDone);
        tools.release(1).countDown();
        await().until(() -> tools.begun.equals(List.of(1, 3, 2)));
    }

    @Test
    void oneThatIgnoresItsInterruptKeepsItsTurnAndWhatWaitedTooLongIsNotRun() {
        SessionPart part = toolbox.open(one);
        ask(one, part, "turn", 1);
        await().until(() -> tools.begun.equals(List.of(1)));
        ask(one, part, "turn", 2);
        ask(one, part, "other", 3);
        await().until(() -> {
            // On the loop after the two requests.
            CompletableFuture<Void> behind = new CompletableFuture<>();
            one.loop().execute(() -> behind.complete(null));
            behind.join();
            return true;
        });
        clock.advance(Duration.ofSeconds(10));

        await().until(() -> one.outcomes.size() == 3);
        assertThat(one.answers)
                .filteredOn(each -> each.callId().equals("c1"))
                .allSatisfy(
                        each -> assertThat(each.output()).contains("turn did not finish within 10 s; whether it took"))
                .hasSize(1);
        assertThat(one.answers)
                .filteredOn(each -> each.callId().equals("c3"))
                .allSatisfy(each -> assertThat(each.output())
                        .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"other could not begin"
                                + " within 10 s and was not run; it may be called again\"}}"))
                .hasSize(1);
        tools.release(1).countDown();
        ask(one, part, "turn", 4);
        await().until(() -> tools.begun.equals(List.of(1, 4)));
    }

    /** The loop is at other work, an audio piece say, while the first one ends: a gate must not refuse the second for that. */
    @Test
    void aCallFindsTheOneBeforeItAlsoWhileTheLoopIsBusy() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        CompletableFuture<List<String>> before = new CompletableFuture<>();
        SessionPart part = Toolbox.builder()
                .tools(tools)
                .clock(clock)
                .interceptor(chain -> {
                    if (chain.call().callId().equals("c2")) {
                        before.complete(chain.context().callsSoFar().stream()
                                .map(each -> each.call().callId())
                                .toList());
                    }
                    return chain.proceed(chain.call());
                })
                .build()
                .open(one);
        ask(one, part, "turn", 1);
        ask(one, part, "turn", 2);
        one.loop().execute(() -> {
            try {
                freed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        tools.release(1).countDown();
        assertThat(before.get(20, TimeUnit.SECONDS)).containsExactly("c1");
        freed.countDown();
        tools.release(2).countDown();
        await().until(() -> one.answers.size() == 2);
    }
}
