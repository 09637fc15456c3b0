package dev.parley.tools;

import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.Invocation;
import dev.parley.tools.internal.Outputs;
import dev.parley.tools.internal.PlannedTool;
import dev.parley.tools.internal.Refusal;
import dev.parley.tools.internal.Validation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one call: read, check, pass through the interceptors, have approved, run, and write the result. It
 * begins on a tool's thread, and holds none while it waits for a stage.
 *
 * <p>The work has ended when the chain has its result and the tool, if it was run, has really returned; {@code ended} is
 * told once, then.
 */
final class CallWork {
    private static final Logger log = LoggerFactory.getLogger(CallWork.class);

    private final PlannedTool tool;
    private final RunningCall running;
    private final ToolContext context;
    private final Validation validation;
    private final List<ToolInterceptor> interceptors;
    private final @Nullable Approval approval;
    private final Executor executor;
    private final Runnable ended;
    private final AtomicInteger open = new AtomicInteger(1);
    private @Nullable Invocation checked;

    CallWork(
            PlannedTool tool,
            RunningCall running,
            ToolContext context,
            Surroundings around,
            Executor executor,
            Runnable ended) {
        this.tool = tool;
        this.running = running;
        this.context = context;
        this.validation = around.validation();
        this.interceptors = around.interceptors();
        this.approval = around.approval();
        this.executor = executor;
        this.ended = ended;
    }

    /** What stands around every call of a toolbox. */
    record Surroundings(
            Validation validation,
            List<ToolInterceptor> interceptors,
            @Nullable Approval approval,
            @Nullable ToolMeter meter) {}

    /** The whole work, on the current thread as far as it goes. */
    void start() {
        if (!running.begin()) {
            close();
            return;
        }
        CompletionStage<ToolResult> result;
        try {
            checked = tool.read(running.call().argumentsJson(), validation, context);
            result = interceptors.isEmpty()
                    ? approved(running.call(), checked)
                    : new Link(0, running.call()).next(running.call());
        } catch (Refusal refusal) {
            result = CompletableFuture.completedStage(refusal.result());
        } catch (Throwable thrown) { // whatever a tool throws, the call gets its result
            result = CompletableFuture.failedStage(thrown);
        } finally {
            running.end();
        }
        if (result == null) {
            result = CompletableFuture.failedStage(
                    new NullPointerException("an interceptor or an approver gave no stage"));
        }
        result.whenComplete(this::finish);
    }

    private void finish(@Nullable ToolResult result, @Nullable Throwable thrown) {
        try {
            if (result != null) {
                running.settle(limited(result));
            } else {
                running.settle(failed(thrown == null ? new NullPointerException("an interceptor's null") : thrown));
            }
        } finally {
            close();
        }
    }

    private void close() {
        if (open.decrementAndGet() == 0) {
            ended.run();
        }
    }

    private CompletionStage<ToolResult> approved(ToolCall call, Invocation invocation) {
        if (approval == null || !approval.needed(tool, call)) {
            return run(invocation);
        }
        return approval.ask(call, context, running).thenCompose(refused -> {
            if (refused != null) {
                return CompletableFuture.completedStage(refused);
            }
            CompletableFuture<ToolResult> result = new CompletableFuture<>();
            try {
                executor.execute(() -> runOnNewThread(invocation, result));
            } catch (RejectedExecutionException e) {
                log.warn("the tools' executor refused {} once it was approved", tool.name(), e);
                return CompletableFuture.completedStage(CallRunner.busy());
            }
            return result;
        });
    }

    private void runOnNewThread(Invocation invocation, CompletableFuture<ToolResult> result) {
        if (!running.begin()) {
            result.complete(stopped());
            return;
        }
        CompletionStage<ToolResult> later;
        try {
            later = run(invocation);
        } finally {
            running.end();
        }
        later.whenComplete((value, thrown) -> result.complete(value == null ? stopped() : value));
    }

    /** Never fails: what the tool throws is a result. */
    private CompletionStage<ToolResult> run(Invocation invocation) {
        if (running.settled()) {
            return CompletableFuture.completedStage(stopped());
        }
        Object returned;
        try {
            returned = invocation.run();
        } catch (Throwable thrown) { // whatever a tool throws, the call gets its result
            return CompletableFuture.completedStage(failed(thrown));
        }
        if (!(returned instanceof CompletionStage<?> stage)) {
            return CompletableFuture.completedStage(written(invocation, returned));
        }
        open.incrementAndGet();
        CompletableFuture<ToolResult> result = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            try {
                result.complete(thrown == null ? written(invocation, value) : failed(thrown));
            } finally {
                close();
            }
        });
        running.await(stage);
        return result;
    }

    private ToolResult written(Invocation invocation, @Nullable Object returned) {
        try {
            return limited(invocation.result(returned));
        } catch (Throwable e) { // a getter may throw anything, and the call gets its result all the same
            return failed(e);
        }
    }

    private ToolResult limited(ToolResult result) {
        return tool.policy().limit().applied(tool.name(), result);
    }

    /** The call has its result already; this one reaches nobody. */
    private static ToolResult stopped() {
        return Outputs.error("cancelled", "the call was over before it ran");
    }

    private ToolResult failed(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof ToolException forTheModel) {
            log.debug("{} refused", tool.name(), cause);
            return Outputs.error("failed", String.valueOf(forTheModel.getMessage()));
        }
        if (running.settled()) {
            log.debug("{} threw after its call was answered", tool.name(), cause);
            return stopped();
        }
        String incident = String.format("%08x", ThreadLocalRandom.current().nextInt());
        log.error("{} failed; incident {}", tool.name(), incident, cause);
        return Outputs.error(
                "failed",
                tool.name() + " failed for a technical reason (incident " + incident + "); do not say that it worked");
    }

    /** The chain as one interceptor sees it. */
    private final class Link implements ToolInterceptor.Chain {
        private final int next;
        private final ToolCall call;
        private final AtomicBoolean proceeded = new AtomicBoolean();

        Link(int next, ToolCall call) {
            this.next = next;
            this.call = call;
        }

        @Override
        public ToolCall call() {
            return call;
        }

        @Override
        public ToolContext context() {
            return context;
        }

        @Override
        public ToolDefinition definition() {
            return tool.definition(fault -> log.warn("{}", fault.message(), fault.cause()));
        }

        @Override
        public CompletionStage<ToolResult> proceed(ToolCall with) {
            if (!with.name().equals(call.name()) || !with.callId().equals(call.callId())) {
                throw new IllegalArgumentException("a call goes on as itself, with other arguments at most");
            }
            if (!proceeded.compareAndSet(false, true)) {
                throw new IllegalStateException("proceed was called before: a call runs once");
            }
            return next(with);
        }

        CompletionStage<ToolResult> next(ToolCall with) {
            if (next < interceptors.size()) {
                return interceptors.get(next).intercept(new Link(next + 1, with));
            }
            try {
                Invocation invocation = checked;
                if (invocation == null
                        || !with.argumentsJson().equals(running.call().argumentsJson())) {
                    invocation = tool.read(with.argumentsJson(), validation, context);
                }
                return approved(with, invocation);
            } catch (Refusal refusal) {
                return CompletableFuture.completedStage(refusal.result());
            }
        }
    }
}
