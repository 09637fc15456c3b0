package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An interceptor that does not keep to its contract costs its own call, and nothing after it. */
@Timeout(60)
class UnrulyInterceptorsTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));

    static final class Tools {
        final CountDownLatch never = new CountDownLatch(1);
        final AtomicInteger runs = new AtomicInteger();
        final AtomicBoolean interrupted = new AtomicBoolean();
        final AtomicReference<Thread> thread = new AtomicReference<>();

        @Tool
        String quick() {
            runs.incrementAndGet();
            thread.set(Thread.currentThread());
            return "fine";
        }

        @Tool
        void hangs() {
            runs.incrementAndGet();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        }

        final CountDownLatch turn = new CountDownLatch(1);
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger mostInside = new AtomicInteger();

        @Tool
        @ToolPolicy(serial = true)
        void turn() throws InterruptedException {
            int now = inside.incrementAndGet();
            mostInside.accumulateAndGet(now, Math::max);
            turn.await();
            inside.decrementAndGet();
        }
    }

    /** A tool whose work goes on elsewhere. */
    static final class Elsewhere {
        final CompletableFuture<String> stage = new CompletableFuture<>();

        @Tool
        CompletableFuture<String> later() {
            return stage;
        }
    }

    private final Tools tools = new Tools();

    private Toolbox.Builder builder(ToolInterceptor interceptor) {
        return Toolbox.builder().tools(tools).interceptor(interceptor).clock(clock);
    }

    private Toolbox with(ToolInterceptor interceptor) {
        return builder(interceptor).mostCallsAtOnce(1, 1).build();
    }

    private static String output(CompletableFuture<ToolResult> call) {
        await().until(call::isDone);
        return call.join().output();
    }

    static Stream<Arguments> unruly() {
        return Stream.of(
                Arguments.of("gives no stage", (ToolInterceptor) chain -> null),
                Arguments.of(
                        "gives a stage of nothing", (ToolInterceptor) chain -> CompletableFuture.completedStage(null)),
                Arguments.of("throws an error", (ToolInterceptor) chain -> {
                    throw new AssertionError("secret");
                }),
                Arguments.of("fails with an error", (ToolInterceptor)
                        chain -> CompletableFuture.failedStage(new NoClassDefFoundError("secret"))),
                Arguments.of(
                        "passes another call on", (ToolInterceptor) chain -> chain.proceed(ToolCall.of("quick", "{}"))),
                Arguments.of("passes nothing on", (ToolInterceptor) chain -> chain.proceed(null)),
                Arguments.of("throws away its answer", (ToolInterceptor) chain -> {
                    chain.proceed(chain.call());
                    return chain.proceed(chain.call());
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unruly")
    void oneThatBreaksItsContractFailsItsCallAndGivesThePlaceBack(String what, ToolInterceptor unruly) {
        AtomicBoolean isUnruly = new AtomicBoolean(true);
        Toolbox toolbox = with(chain -> isUnruly.get() ? unruly.intercept(chain) : chain.proceed(chain.call()));
        for (int i = 0; i < 3; i++) {
            await().until(() -> output(toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture())
                    .matches("\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"quick failed for a"
                            + " technical reason \\(incident [0-9a-f]{8}\\); do not say that it worked\"}}"));
        }
        isUnruly.set(false);
        await().until(() -> output(toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture())
                .equals("{\"ok\":true,\"result\":\"fine\"}"));
    }

    @Test
    void oneThatNeverAnswersTimesOutAndGivesThePlaceBack() {
        AtomicBoolean isSilent = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        Toolbox toolbox = with(chain -> {
            asked.incrementAndGet();
            return isSilent.get() ? new CompletableFuture<>() : chain.proceed(chain.call());
        });
        for (int i = 1; i <= 3; i++) {
            int times = i;
            AtomicReference<CompletableFuture<ToolResult>> call = new AtomicReference<>();
            await().until(() -> {
                call.set(toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture());
                return !call.get().isDone();
            });
            await().until(() -> asked.get() == times && clock.pendingTimers() == 1);
            clock.advance(Duration.ofSeconds(10));
            assertThat(output(call.get()))
                    .isEqualTo(
                            "{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"quick could not begin within"
                                    + " 10 s and was not run; it may be called again\"}}");
        }
        isSilent.set(false);
        await().until(() -> output(toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture())
                .equals("{\"ok\":true,\"result\":\"fine\"}"));
        assertThat(tools.runs).hasValue(1);
    }

    @Test
    void oneThatGoesOnAfterItsCallWasAnsweredRunsNothing() {
        AtomicReference<ToolInterceptor.Chain> kept = new AtomicReference<>();
        ToolLimit limit = ToolLimit.of(1);
        Toolbox toolbox = builder(chain -> {
                    kept.set(chain);
                    return new CompletableFuture<>();
                })
                .limit(limit)
                .build();
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture();
        await().until(() -> kept.get() != null);
        clock.advance(Duration.ofSeconds(10));
        assertThat(output(call)).contains("\"code\":\"timeout\"");
        await().until(() -> limit.running() == 0);

        ToolInterceptor.Chain chain = kept.get();
        assertThat(output(chain.proceed(chain.call()).toCompletableFuture())).contains("\"code\":\"cancelled\"");
        assertThat(tools.runs).hasValue(0);
        assertThat(limit.running()).isZero();
    }

    /** Its place was given back twice once, and with it the turn that another serial call had. */
    @Test
    void oneThatGoesOnAfterItsCallWasAnsweredGivesNobodyElsesTurnAway() {
        AtomicReference<ToolInterceptor.Chain> kept = new AtomicReference<>();
        AtomicInteger handedOver = new AtomicInteger();
        ToolLimit limit = ToolLimit.of(4);
        Toolbox toolbox = builder(chain -> {
                    if (kept.compareAndSet(null, chain)) {
                        return new CompletableFuture<>();
                    }
                    return chain.proceed(chain.call());
                })
                .limit(limit)
                .executor(task -> {
                    handedOver.incrementAndGet();
                    ToolThreads.daemons().execute(task);
                })
                .build();
        CompletableFuture<ToolResult> first =
                toolbox.call(ToolCall.of("turn", "{}")).toCompletableFuture();
        await().until(() -> kept.get() != null);
        clock.advance(Duration.ofSeconds(10));
        assertThat(output(first)).contains("\"code\":\"timeout\"");
        await().until(() -> limit.running() == 0);

        CompletableFuture<ToolResult> second =
                toolbox.call(ToolCall.of("turn", "{}")).toCompletableFuture();
        await().until(() -> tools.inside.get() == 1);
        CompletableFuture<ToolResult> third =
                toolbox.call(ToolCall.of("turn", "{}")).toCompletableFuture();
        int before = handedOver.get();
        ToolInterceptor.Chain chain = kept.get();
        assertThat(output(chain.proceed(chain.call()).toCompletableFuture())).contains("\"code\":\"cancelled\"");

        assertThat(handedOver).as("the rest of the first call alone").hasValue(before + 1);
        assertThat(limit.running()).isEqualTo(2);
        tools.turn.countDown();
        assertThat(output(second)).isEqualTo("{\"ok\":true,\"result\":null}");
        assertThat(output(third)).isEqualTo("{\"ok\":true,\"result\":null}");
        assertThat(tools.mostInside).hasValue(1);
    }

    @Test
    void whatGoesOnFromAnotherThreadRunsOnAToolsThreadAndIsInterruptedThere() {
        AtomicReference<ToolInterceptor.Chain> kept = new AtomicReference<>();
        Toolbox toolbox = with(chain -> {
            CompletableFuture<ToolResult> answer = new CompletableFuture<>();
            Thread other = new Thread(
                    () -> {
                        // Nobody waits here: the tool has a thread of its own.
                        chain.proceed(chain.call()).whenComplete((result, thrown) -> answer.complete(result));
                        kept.set(chain);
                    },
                    "other");
            other.start();
            return answer;
        });
        assertThat(output(toolbox.call(ToolCall.of("quick", "{}")).toCompletableFuture()))
                .isEqualTo("{\"ok\":true,\"result\":\"fine\"}");
        assertThat(tools.thread.get().getName()).startsWith("parley-tool-");

        kept.set(null);
        AtomicReference<CompletableFuture<ToolResult>> call = new AtomicReference<>();
        await().until(() -> {
            call.set(toolbox.call(ToolCall.of("hangs", "{}")).toCompletableFuture());
            return !call.get().isDone();
        });
        await().until(() -> kept.get() != null && tools.runs.get() == 2);
        clock.advance(Duration.ofSeconds(10));
        assertThat(output(call.get())).contains("\"code\":\"timeout\"");
        await().untilTrue(tools.interrupted);
    }

    @Test
    void oneWhoseThreadStaysKeepsThePlaceAlthoughTheToolsStageWasCancelled() {
        Elsewhere elsewhere = new Elsewhere();
        CountDownLatch stays = new CountDownLatch(1);
        AtomicInteger tasksOver = new AtomicInteger();
        Toolbox toolbox = Toolbox.builder()
                .tools(elsewhere)
                .clock(clock)
                .mostCallsAtOnce(1, 1)
                .executor(task -> new Thread(() -> {
                            task.run();
                            tasksOver.incrementAndGet();
                        })
                        .start())
                .interceptor(chain -> {
                    var result = chain.proceed(chain.call());
                    boolean gone = false;
                    while (!gone) {
                        try {
                            stays.await();
                            gone = true;
                        } catch (InterruptedException e) {
                            gone = false; // as one does that heeds none
                        }
                    }
                    return result;
                })
                .build();
        CompletableFuture<ToolResult> call =
                toolbox.call(ToolCall.of("later", "{}")).toCompletableFuture();
        await().until(() -> elsewhere.stage.getNumberOfDependents() == 1);

        clock.advance(Duration.ofSeconds(10));
        assertThat(output(call)).contains("\"timeout\"");
        await().until(() -> tasksOver.get() == 1); // what hangs on the call's end, the cancelling of the stage
        assertThat(elsewhere.stage).isCancelled();
        assertThat(output(toolbox.call(ToolCall.of("later", "{}")).toCompletableFuture()))
                .contains("\"busy\"");
        stays.countDown();
        await().until(() -> !output(toolbox.call(ToolCall.of("later", "{}")).toCompletableFuture())
                .contains("\"busy\""));
    }
}
