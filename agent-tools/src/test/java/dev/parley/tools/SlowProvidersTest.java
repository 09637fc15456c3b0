package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.parley.core.Problem;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ToolDefinition;
import dev.parley.testkit.FakeClock;
import dev.parley.tools.internal.LangChain4jTools;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.Mappers;
import dev.parley.tools.internal.PlanReader;
import dev.parley.tools.internal.PlannedTool;
import dev.parley.tools.internal.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that connects waits 5 s for the providers of its tools, and then goes on without what is not there. */
@Timeout(60)
class SlowProvidersTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T10:00:00Z"));
    private final FakeHandle session = new FakeHandle(clock);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    static final class Tools {
        @Tool
        String own() {
            return "own";
        }
    }

    private static ToolProviderResult offering(String name) {
        return ToolProviderResult.builder()
                .add(ToolSpecification.builder().name(name).build(), (request, memoryId) -> "fine")
                .build();
    }

    /** Answers only when the test ends, and heeds no interrupt. */
    private ToolProvider hanging(String name) {
        return request -> {
            asked.incrementAndGet();
            while (true) {
                try {
                    end.await();
                    return offering(name);
                } catch (InterruptedException e) {
                    interrupted.set(true);
                }
            }
        };
    }

    @AfterEach
    void end() {
        end.countDown();
        session.close();
    }

    private ToolsPart open(ToolProvider... providers) {
        // An executor that runs what it is given at once must not make the connecting thread wait for ever.
        Toolbox.Builder builder = Toolbox.builder().tools(new Tools()).executor(Runnable::run);
        List.of(providers).forEach(builder::toolProvider);
        return (ToolsPart) builder.build().open(session);
    }

    private static CompletableFuture<List<String>> connects(ToolsPart part) {
        return CompletableFuture.supplyAsync(
                () -> part.tools().stream().map(ToolDefinition::name).toList());
    }

    @Test
    void oneThatHangsIsLeftOutAfterFiveSecondsAndTheListenerToldOnce() {
        ToolsPart part = open(request -> offering("before"), hanging("never"), request -> offering("after"));
        CompletableFuture<List<String>> connecting = connects(part);
        await().until(() -> asked.get() == 1 && clock.pendingTimers() == 1);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(connecting).isNotDone();
        assertThat(interrupted).isFalse();
        clock.advance(Duration.ofMillis(1));

        await().until(connecting::isDone);
        assertThat(connecting.join()).containsExactly("own", "before", "after");
        await().untilTrue(interrupted);
        assertThat(session.problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.TOOL_DEFINITION);
            assertThat(problem.message())
                    .isEqualTo("a tool provider did not answer within 5 s; its tools are left out");
        });
        session.loop().execute(() -> part.onToolRequest(new ToolRequest("c1", "after", "{}", null)));
        await().until(() -> session.answers.size() == 1);
        assertThat(session.answers).containsExactly(new FakeHandle.Answer("c1", "{\"ok\":true,\"result\":\"fine\"}"));
    }

    @Test
    void severalThatHangShareTheFiveSeconds() {
        CompletableFuture<List<String>> connecting = connects(open(hanging("one"), hanging("two"), hanging("three")));
        await().until(() -> asked.get() == 3 && clock.pendingTimers() == 1);
        clock.advance(Duration.ofSeconds(5));

        await().until(connecting::isDone);
        assertThat(connecting.join()).containsExactly("own");
        assertThat(session.problems).hasSize(3);
    }

    @Test
    void thoseThatHangForGoodHoldSixtyFourThreadsAtMost() {
        ToolProvider[] many = new ToolProvider[70];
        for (int i = 0; i < many.length; i++) {
            many[i] = hanging("tool" + i);
        }
        CompletableFuture<List<String>> connecting = connects(open(many));
        await().until(() -> asked.get() == 64 && clock.pendingTimers() == 1);
        clock.advance(Duration.ofSeconds(5));

        await().until(connecting::isDone);
        assertThat(connecting.join()).containsExactly("own");
        assertThat(session.problems).hasSize(70);
        assertThat(asked).hasValue(64);
    }

    @Test
    void oneThatAnswersLeavesNoTimerBehind() {
        CompletableFuture<List<String>> connecting = connects(open(request -> offering("weather")));

        await().until(connecting::isDone);
        assertThat(connecting.join()).containsExactly("own", "weather");
        assertThat(session.problems).isEmpty();
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void aConnectingThreadThatIsInterruptedWaitsNoLongerAndKnowsOfIt() {
        ToolsPart part = open(hanging("never"));
        CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
        Thread connecting = new Thread(() -> {
            part.tools();
            wasInterrupted.complete(Thread.interrupted());
        });
        connecting.start();
        await().until(() -> asked.get() == 1);
        connecting.interrupt();

        await().until(wasInterrupted::isDone);
        assertThat(wasInterrupted.join()).isTrue();
        await().untilTrue(interrupted);
    }

    @Test
    void theThreadsThatAskAreNotNamedAsThoseThatRunTools() {
        CompletableFuture<String> name = new CompletableFuture<>();
        ToolsPart part = open(request -> {
            name.complete(Thread.currentThread().getName());
            return offering("weather");
        });
        part.tools();

        assertThat(name.join()).startsWith("parley-tools-ask-");
    }

    final class Live {
        @Tool
        String visit(@ValuesFrom("doctors") String doctor, @ValuesFrom("rooms") int room) {
            return doctor + " in " + room;
        }

        @Tool
        String park(@ValuesFrom("rooms") int room) {
            return "in " + room;
        }

        List<String> doctors() {
            asked.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return List.of("Nair");
        }

        List<Integer> rooms() {
            return List.of(1, 2);
        }
    }

    @Test
    void aToolWhoseLiveValuesHangIsToldWithoutThemAfterFiveSeconds() {
        ToolsPart part = (ToolsPart) Toolbox.of(new Live()).open(session);
        CompletableFuture<List<ToolDefinition>> connecting = CompletableFuture.supplyAsync(part::tools);
        await().until(() -> asked.get() == 1 && clock.pendingTimers() == 1);
        clock.advance(Duration.ofMillis(4_999));
        assertThat(connecting).isNotDone();
        clock.advance(Duration.ofMillis(1));

        await().until(connecting::isDone);
        assertThat(connecting.join()).extracting(ToolDefinition::name).containsExactly("park", "visit");
        assertThat(connecting.join().get(0).parametersJson()).contains("\"enum\":[1,2]");
        assertThat(connecting.join().get(1).parametersJson())
                .doesNotContain("enum")
                .contains("\"doctor\":{\"type\":\"string\"}");
        await().untilTrue(interrupted);
        assertThat(session.problems)
                .extracting(Problem::message)
                .containsExactly("the live values of visit did not come within 5 s; its schema lists none");
    }

    @Test
    void aConnectingThreadThatIsInterruptedHearsNothingWrongOfTheLiveValuesThatItDoesNotWaitFor() {
        ToolsPart part = (ToolsPart) Toolbox.of(new Live()).open(session);
        CompletableFuture<List<ToolDefinition>> told = new CompletableFuture<>();
        Thread connecting = new Thread(() -> told.complete(part.tools()));
        connecting.start();
        await().until(() -> asked.get() == 1);
        connecting.interrupt();

        await().until(told::isDone);
        assertThat(told.join()).extracting(ToolDefinition::name).containsExactly("park", "visit");
        assertThat(session.problems).isEmpty();
        assertThat(clock.pendingTimers()).isZero();
        await().untilTrue(interrupted);
    }

    /** It was told once that the values did not come in time, and the error was nowhere. */
    @Test
    void whereThereIsNoThreadToAskOnTheListenerHearsOfThat() {
        Duration timeout = Duration.ofSeconds(10);
        Registration registration =
                new Registration(new PlanReader(Mappers.usual(), Validation.hibernate(Locale.ENGLISH), timeout), false);
        registration.object(new Live());
        OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
        Asking asking = new Asking(task -> {
            throw noThread;
        });
        Offer offer = new Offer(
                registration.tools(),
                List.of(request -> offering("weather")),
                new LangChain4jTools(false, timeout),
                asking);
        List<LiveFault> faults = new ArrayList<>();
        Collection<PlannedTool> tools =
                offer.inTime(ToolContext.ofNothing(), clock, faults::add).values();

        assertThat(offer.toldInTime(tools, clock, faults::add))
                .extracting(ToolDefinition::name)
                .containsExactly("park", "visit");
        assertThat(faults)
                .containsExactly(
                        new LiveFault("a tool provider failed; its tools are left out", noThread),
                        new LiveFault("the live values of park could not be read; its schema lists none", noThread),
                        new LiveFault("the live values of visit could not be read; its schema lists none", noThread));
        assertThat(clock.pendingTimers()).isZero();
    }
}
