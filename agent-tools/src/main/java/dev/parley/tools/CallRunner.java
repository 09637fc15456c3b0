package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.Outputs;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls of one session, or those outside any: off the caller's thread, bounded in number and in time, each to exactly
 * one result. Thread-safe.
 *
 * <p>A permit and a place in the serial lane are given back when a call's work has really ended, not when its result is
 * known: a method that ignores its interrupt still counts. A stage that ignores its cancelling does not, since it
 * holds no thread.
 */
final class CallRunner {
    private static final Logger log = LoggerFactory.getLogger(CallRunner.class);

    private final CallWork.Surroundings around;
    private final ToolLimit inAll;
    private final Semaphore here;
    private final Clock clock;
    private final Deadlines deadlines;
    private final SerialLanes lanes = new SerialLanes();
    private final CallWork.Place place = this::release;

    CallRunner(CallWork.Surroundings around, ToolLimit inAll, int mostHere, Clock clock) {
        this.around = around;
        this.inAll = inAll;
        this.here = new Semaphore(mostHere);
        this.clock = clock;
        this.deadlines = new Deadlines(clock);
    }

    /**
     * Starts a call. Never throws and never blocks; the call may be settled when this returns.
     */
    RunningCall start(ToolCall call, ToolContext context, Map<String, PlannedTool> tools, Conversation conversation) {
        PlannedTool tool = tools.get(call.name());
        if (tool == null) {
            return refused(call, conversation, ToolMeter.UNKNOWN, unknown(call.name(), tools));
        }
        if (!enter()) {
            return refused(call, conversation, tool.name(), busy());
        }
        RunningCall running = new RunningCall(
                call, conversation, deadlines, tool.policy().timeout(), around.executor(), stopwatch(tool.name()));
        conversation.begins(running);
        running.resume();
        submit(tool, running, context.ofCall(running, conversation), conversation);
        return running;
    }

    /**
     * As {@link #start}, where it takes asking others to know the tools: on a tool's thread, in the call's own place and
     * time.
     *
     * @param tools may block; interrupted when the call is stopped
     */
    RunningCall startAsking(
            ToolCall call, ToolContext context, Supplier<Offer.Found> tools, Conversation conversation) {
        if (!enter()) {
            return refused(call, conversation, ToolMeter.UNKNOWN, busy());
        }
        Stopwatch watch = stopwatch(ToolMeter.UNKNOWN);
        RunningCall running =
                new RunningCall(call, conversation, deadlines, around.timeout(), around.executor(), watch);
        conversation.begins(running);
        running.resume();
        AtomicBoolean taken = new AtomicBoolean();
        try {
            around.executor().execute(() -> {
                if (taken.compareAndSet(false, true)) {
                    ask(tools, running, context.ofCall(running, conversation), watch);
                }
            });
        } catch (RuntimeException | Error e) { // an executor without threads may throw errors too
            log.warn("the tools' executor refused {}", call.name(), e);
            if (taken.compareAndSet(false, true)) {
                release();
                running.settle(busy());
            }
        }
        return running;
    }

    private void ask(Supplier<Offer.Found> tools, RunningCall running, ToolContext context, @Nullable Stopwatch watch) {
        PlannedTool tool = null;
        if (running.begin()) {
            try {
                Offer.Found found = tools.get();
                tool = found.tools().get(running.call().name());
                if (tool == null) {
                    running.settle(notFound(running.call().name(), found));
                }
            } catch (Throwable thrown) { // whatever a provider throws, the call gets its result
                running.settle(Failure.of(running.call().name(), thrown));
            } finally {
                running.end();
            }
        }
        if (tool == null) {
            release();
            return;
        }
        if (watch != null) {
            watch.isOf(tool.name());
        }
        // What providers offer is not serial, and this is a tool's thread already.
        new CallWork(tool, running, context, around, place).run();
    }

    private boolean enter() {
        if (!here.tryAcquire()) {
            return false;
        }
        if (!inAll.tryEnter()) {
            here.release();
            return false;
        }
        return true;
    }

    /**
     * A call that is not begun: it has its result.
     *
     * @param measuredAs the tool's name for the meter
     */
    RunningCall refused(ToolCall call, Conversation conversation, String measuredAs, ToolResult with) {
        RunningCall running =
                new RunningCall(call, conversation, deadlines, Duration.ZERO, around.executor(), stopwatch(measuredAs));
        running.settle(with);
        return running;
    }

    private @Nullable Stopwatch stopwatch(String tool) {
        ToolMeter meter = around.meter();
        return meter == null ? null : new Stopwatch(meter, clock, tool);
    }

    private void submit(PlannedTool tool, RunningCall running, ToolContext context, Conversation conversation) {
        if (tool.policy().serial()) {
            CallWork work = new CallWork(tool, running, context, around, new PlaceInLane(conversation));
            lanes.enter(conversation, () -> execute(work, running));
        } else {
            execute(new CallWork(tool, running, context, around, place), running);
        }
    }

    private void execute(CallWork work, RunningCall running) {
        try {
            around.executor().execute(work);
        } catch (RuntimeException | Error e) { // an executor without threads may throw errors too
            log.warn("the tools' executor refused {}", running.call().name(), e);
            if (work.abandon()) {
                running.settle(busy());
            }
        }
    }

    private void release() {
        here.release();
        inAll.leave();
    }

    /** That there is no such tool is only said where everybody was heard. */
    private static ToolResult notFound(String name, Offer.Found found) {
        Throwable failure = found.failure();
        return failure == null ? unknown(name, found.tools()) : Failure.of(name, failure);
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

    static ToolResult reused(String callId) {
        return Outputs.error(
                "invalid_arguments",
                "the call id " + callId + " stands for an earlier call, of another tool or with other arguments; this"
                        + " one was not run, so make it as a call of its own");
    }

    static ToolResult forgotten(String name) {
        return Outputs.error(
                "failed",
                "this call of " + name + " was answered before and is not run again; its result is no longer kept, so"
                        + " check what it did");
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

    static ToolResult notBegun(String name, Duration after) {
        return Outputs.error(
                "timeout",
                name + " could not begin within " + inWords(after) + " and was not run; it may be called again");
    }

    static ToolResult hungUp(String name) {
        return Outputs.error("cancelled", name + " was not run, because the conversation was over before it began");
    }

    static ToolResult cancelled(String name) {
        return Outputs.error("cancelled", name + " was stopped because the caller interrupted");
    }

    static ToolResult ended(String name) {
        return Outputs.error("cancelled", name + " was stopped because the conversation ended");
    }

    private static String inWords(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private final class PlaceInLane implements CallWork.Place {
        private final Conversation conversation;

        PlaceInLane(Conversation conversation) {
            this.conversation = conversation;
        }

        @Override
        public void free() {
            release();
        }

        @Override
        public void passOn() {
            lanes.done(conversation);
        }
    }
}
