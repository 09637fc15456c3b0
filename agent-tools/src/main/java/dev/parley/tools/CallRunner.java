package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.Outputs;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
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

    private final CallWork.Surroundings around;
    private final Executor executor;
    private final Semaphore inAll;
    private final Semaphore here;
    private final Deadlines deadlines;
    private final SerialLane lane = new SerialLane();

    CallRunner(CallWork.Surroundings around, Executor executor, Semaphore inAll, int mostHere, Clock clock) {
        this.around = around;
        this.executor = executor;
        this.inAll = inAll;
        this.here = new Semaphore(mostHere);
        this.deadlines = new Deadlines(clock);
    }

    /** Starts a call. Never throws and never blocks; the call may be settled when this returns. */
    RunningCall start(ToolCall call, ToolContext context, Map<String, PlannedTool> tools) {
        PlannedTool tool = tools.get(call.name());
        if (tool == null) {
            return settled(call, unknown(call.name(), tools));
        }
        if (!here.tryAcquire()) {
            return settled(call, busy());
        }
        if (!inAll.tryAcquire()) {
            here.release();
            return settled(call, busy());
        }
        RunningCall running = new RunningCall(call, deadlines, tool.policy().timeout());
        running.resume();
        submit(tool, running, context.ofCall(call.callId(), running::settled));
        return running;
    }

    private RunningCall settled(ToolCall call, ToolResult with) {
        RunningCall running = new RunningCall(call, deadlines, Duration.ZERO);
        running.settle(with);
        return running;
    }

    private void submit(PlannedTool tool, RunningCall running, ToolContext context) {
        boolean serial = tool.policy().serial();
        Runnable ended = serial ? this::endSerial : this::release;
        CallWork work = new CallWork(tool, running, context, around, executor, ended);
        Executor guarded = task -> {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                log.warn("the tools' executor refused {}", tool.name(), e);
                running.settle(busy());
                ended.run();
            }
        };
        if (serial) {
            lane.enter(guarded, work::start);
        } else {
            guarded.execute(work::start);
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

    private static ToolResult unknown(String name, Map<String, PlannedTool> tools) {
        List<String> names = new ArrayList<>(tools.keySet());
        names.sort(null);
        return Outputs.error(
                "unknown_tool", "there is no tool named \"" + name + "\"; the tools are: " + String.join(", ", names));
    }

    static ToolResult tooMany() {
        return Outputs.error("busy", "this conversation has made too many calls; go on without tools");
    }

    static ToolResult busy() {
        return Outputs.error("busy", "too many calls are running; wait for their results, then try again");
    }

    static ToolResult timeout(String name, Duration after) {
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
