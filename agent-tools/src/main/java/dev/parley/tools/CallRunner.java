package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.Injection;
import dev.parley.tools.internal.Invocation;
import dev.parley.tools.internal.Outputs;
import dev.parley.tools.internal.Refusal;
import dev.parley.tools.internal.ToolPlan;
import dev.parley.tools.internal.Validation;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls of one session, or those outside any: off the caller's thread, bounded in number and in time, each to exactly
 * one result. Thread-safe.
 *
 * <p>A permit and a place in the serial lane are given back when a call's work has really ended, not when its result is
 * out: a method that ignores its interrupt still counts.
 */
final class CallRunner {
    private static final Logger log = LoggerFactory.getLogger(CallRunner.class);

    private final Map<String, ToolPlan> plans;
    private final Validation validation;
    private final Executor executor;
    private final Semaphore inAll;
    private final Semaphore here;
    private final Clock clock;
    private final SerialLane lane = new SerialLane();

    CallRunner(
            Map<String, ToolPlan> plans,
            Validation validation,
            Executor executor,
            Semaphore inAll,
            int mostHere,
            Clock clock) {
        this.plans = plans;
        this.validation = validation;
        this.executor = executor;
        this.inAll = inAll;
        this.here = new Semaphore(mostHere);
        this.clock = clock;
    }

    /** Starts a call. Never throws and never blocks; the call may be settled when this returns. */
    RunningCall start(ToolCall call, ToolContext context) {
        RunningCall running = new RunningCall(call);
        ToolPlan plan = plans.get(call.name());
        if (plan == null) {
            running.settle(unknown(call.name()));
        } else if (!here.tryAcquire()) {
            running.settle(busy());
        } else if (!inAll.tryAcquire()) {
            here.release();
            running.settle(busy());
        } else {
            Duration timeout = plan.policy().timeout();
            running.timer(clock.schedule(timeout, () -> running.stop(timeout(call.name(), timeout))));
            submit(plan, running, context);
        }
        return running;
    }

    private void submit(ToolPlan plan, RunningCall running, ToolContext context) {
        Runnable ended = plan.policy().serial() ? this::endSerial : this::release;
        Executor guarded = task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                log.warn("the tools' executor refused {}", plan.name(), e);
                running.settle(busy());
                ended.run();
            }
        };
        Runnable task = () -> work(plan, running, context, ended);
        if (plan.policy().serial()) {
            lane.enter(guarded, task);
        } else {
            guarded.execute(task);
        }
    }

    private void endSerial() {
        release();
        lane.done();
    }

    private void release() {
        here.release();
        inAll.release();
    }

    private void work(ToolPlan plan, RunningCall running, ToolContext context, Runnable ended) {
        if (!running.begin()) {
            ended.run();
            return;
        }
        CompletionStage<?> stage = null;
        try {
            ToolContext inside = context.ofCall(running.call().callId(), running::settled);
            Injection injected = type -> inside;
            Invocation invocation = plan.read(running.call().argumentsJson(), validation, injected);
            Object returned = invocation.run();
            if (returned instanceof CompletionStage<?> later) {
                stage = later;
            } else {
                succeed(plan, running, returned);
            }
        } catch (Refusal refusal) {
            running.settle(refusal.result());
        } catch (Throwable thrown) { // whatever a tool throws, the call gets its result
            fail(plan, running, thrown);
        } finally {
            running.end();
            if (stage == null) {
                ended.run();
            }
        }
        if (stage != null) {
            await(plan, running, stage, ended);
        }
    }

    private static void await(ToolPlan plan, RunningCall running, CompletionStage<?> stage, Runnable ended) {
        stage.whenComplete((returned, thrown) -> {
            try {
                if (thrown == null) {
                    succeed(plan, running, returned);
                } else {
                    fail(plan, running, unwrapped(thrown));
                }
            } finally {
                ended.run();
            }
        });
        running.await(stage);
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    private static void succeed(ToolPlan plan, RunningCall running, @Nullable Object returned) {
        if (running.settled()) {
            log.debug("{} returned after its call was answered", plan.name());
            return;
        }
        try {
            running.settle(plan.success(returned));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            fail(plan, running, e);
        }
    }

    private static void fail(ToolPlan plan, RunningCall running, Throwable thrown) {
        if (running.settled()) {
            log.debug("{} threw after its call was answered", plan.name(), thrown);
        } else if (thrown instanceof ToolException forTheModel) {
            log.debug("{} refused", plan.name(), thrown);
            running.settle(Outputs.error("failed", String.valueOf(forTheModel.getMessage())));
        } else {
            String incident = String.format("%08x", ThreadLocalRandom.current().nextInt());
            log.error("{} failed; incident {}", plan.name(), incident, thrown);
            running.settle(Outputs.error(
                    "failed",
                    plan.name() + " failed for a technical reason (incident " + incident
                            + "); do not say that it worked"));
        }
    }

    private ToolResult unknown(String name) {
        return Outputs.error(
                "unknown_tool",
                "there is no tool named \"" + name + "\"; the tools are: "
                        + String.join(", ", plans.keySet().stream().sorted().toList()));
    }

    static ToolResult tooMany() {
        return Outputs.error("busy", "this conversation has made too many calls; go on without tools");
    }

    private static ToolResult busy() {
        return Outputs.error("busy", "too many calls are running; wait for their results, then try again");
    }

    private static ToolResult timeout(String name, Duration after) {
        return Outputs.error(
                "timeout",
                name + " did not finish within " + inWords(after)
                        + "; whether it took effect is unknown, so check before you repeat it");
    }

    static ToolResult cancelled(String name) {
        return Outputs.error("cancelled", name + " was stopped because the caller interrupted");
    }

    private static String inWords(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
