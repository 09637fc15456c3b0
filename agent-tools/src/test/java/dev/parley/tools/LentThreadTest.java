package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A tool's own thread tells the session's loop of the result by itself; an application's is not asked to, nor a virtual one. */
@Timeout(60)
class LentThreadTest {
    private static final int CALLS = 5;

    private final List<Thread> workers = new CopyOnWriteArrayList<>();
    private volatile Executor loop = Runnable::run;
    private final List<Told> told = new CopyOnWriteArrayList<>();

    private record Told(Thread by, boolean interrupted) {}

    final class Tools {
        @Tool
        String book() {
            workers.add(Thread.currentThread());
            CompletableFuture<Void> idle = new CompletableFuture<>();
            loop.execute(() -> idle.complete(null)); // behind what came with the call
            idle.join();
            Thread.currentThread().interrupt(); // as a method does that was interrupted and hands that on
            return "booked";
        }
    }

    private final class Witness implements SessionExtension, SessionPart {
        @Override
        public SessionPart open(SessionHandle session) {
            loop = session.loop();
            return this;
        }

        @Override
        public void onToolOutcome(ToolOutcome outcome) {
            told.add(new Told(Thread.currentThread(), Thread.currentThread().isInterrupted()));
        }
    }

    /** Sessions one after the other, with a call each. */
    private void hold(UnaryOperator<Toolbox.Builder> with) {
        for (int i = 1; i <= CALLS; i++) {
            Script script = Script.named("a booking")
                    .turn(Turn.hear("Book.").calls(Call.to("book").expectOk()).says("Done."))
                    .build();
            try (RehearsalServer server = RehearsalServer.start(script)) {
                VoiceAgent agent = VoiceAgent.builder()
                        .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                        .with(with.apply(Toolbox.builder().tools(new Tools())).build())
                        .with(new Witness())
                        .build();
                try (VoiceSession session = agent.connect()) {
                    session.appendAudio(Recording.tone(Duration.ofMillis(600))
                            .then(Recording.silence(Duration.ofMillis(900)))
                            .pcm16());
                    server.connection(0).awaitFinished(Duration.ofSeconds(20));
                    int ended = i;
                    await().until(() -> told.size() == ended);
                }
                server.assertPassed();
            }
        }
    }

    @Test
    @DisabledForJreRange(min = JRE.JAVA_21, disabledReason = "tools' own threads are virtual there")
    void theThreadOfACallTellsItsResult() {
        hold(toolbox -> toolbox);
        long byTheirOwn =
                told.stream().filter(each -> workers.contains(each.by())).count();
        // Only where the loop is at work just then, it is told by the loop's.
        assertThat(byTheirOwn).isPositive();
        assertThat(told).noneMatch(Told::interrupted);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadRunsToolsAlone() {
        hold(toolbox -> toolbox);
        assertThat(told).hasSize(CALLS).noneMatch(each -> workers.contains(each.by()));
    }

    @Test
    void anApplicationsThreadRunsToolsAlone() {
        ExecutorService own = Executors.newSingleThreadExecutor();
        try {
            hold(toolbox -> toolbox.executor(own));
        } finally {
            own.shutdown();
        }
        assertThat(told).hasSize(CALLS).noneMatch(each -> workers.contains(each.by()));
    }
}
