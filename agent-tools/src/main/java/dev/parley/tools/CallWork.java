package dev.parley.tools;

import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.Invocation;
import dev.parley.tools.internal.Outputs;
import dev.parley.tools.internal.PlannedTool;
import dev.parley.tools.internal.Refusal;
import dev.parley.tools.internal.Validation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one call: read, check, pass through the interceptors, have approved, run, and write the result. It
 * begins on a tool's thread, and holds none while it waits for a stage.
 *
 * <p>The work has ended when the chain has its result and the tool, if it was run, has really returned; its place is given
 * back once, then, and before anybody hears of the result: who does may call the next tool. A stage that is left when the call is stopped is cancelled, and not waited for: it holds no thread.
 */
final class CallWork implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(CallWork.class);
    private static final int ENDED = Integer.MIN_VALUE;

    private final PlannedTool tool;
    private final RunningCall running;
    private final ToolContext context;
    private final Surroundings around;
    private final Place place;
    private final Share chain;

    /** How many are open; {@link #ENDED} or little more once the work has ended. */
    private final AtomicInteger shares = new AtomicInteger();

    private final AtomicBoolean taken = new AtomicBoolean();
    private @Nullable Invocation checked;

    CallWork(PlannedTool tool, RunningCall running, ToolContext context, Surroundings around, Place place) {
        this.tool = tool;
        this.running = running;
        this.context = context;
        this.around = around;
        this.place = place;
        this.chain = new Share();
    }

    /**
     * What stands around every call of a toolbox.
     *
     * @param lendsThreads whether the executor's threads may do other work once their call has ended
     * @param timeout how long a call may take unless its tool says otherwise
     */
    record Surroundings(
            Validation validation,
            List<ToolInterceptor> interceptors,
            @Nullable Approval approval,
            @Nullable ToolMeter meter,
            Executor executor,
            boolean lendsThreads,
            Duration timeout) {}

    /** What a call takes up while its work goes on. Each method is called once, in this order. */
    interface Place {
        /** Another call may have it. */
        void free();

        /** Whoever waited for this call to end may begin. */
        default void passOn() {}
    }

    /** The whole work, on the current thread as far as it goes. */
    @Override
    public void run() {
        if (taken.getAndSet(true)) {
            return;
        }
        if (!running.begin()) {
            chain.close();
            return;
        }
        CompletionStage<ToolResult> result;
        try {
            checked = tool.read(running.call().argumentsJson(), around.validation(), context);
            result = around.interceptors().isEmpty()
                    ? approved(running.call(), checked)
                    : new Link(0, running.call()).next(running.call());
        } catch (Refusal refusal) {
            result = known(refusal.result());
        } catch (Throwable thrown) { // whatever a tool throws, the call gets its result
            result = CompletableFuture.failedStage(thrown);
        } finally {
            running.end();
        }
        ToolResult known = around.lendsThreads() ? Stages.valueOf(result) : null;
        if (known != null) {
            finishAndLend(known);
            return;
        }
        Stages.whenComplete(result, this::finish);
        if (chain.isOpen()) {
            // From here on no thread of ours waits for it: once the call is stopped, neither does its place.
            running.onStop(chain::close);
        }
    }

    /** Whoever is to tell of the result would have to wake a thread for it, and this one has nothing else to do. */
    private void finishAndLend(ToolResult result) {
        LentThread thread = new LentThread();
        running.lend(thread);
        try {
            finish(result, null);
        } finally {
            thread.runWhatCame();
        }
    }

    /**
     * Ends work that no thread will begin.
     *
     * @return false if one did
     */
    boolean abandon() {
        if (taken.getAndSet(true)) {
            return false;
        }
        chain.close();
        return true;
    }

    private void finish(@Nullable ToolResult result, @Nullable Throwable thrown) {
        boolean wasLast = false;
        try {
            ToolResult ends = result != null
                    ? bounded(result)
                    : failed(thrown == null ? new NullPointerException("an interceptor's null") : thrown);
            boolean settles = running.decide(ends);
            wasLast = chain.closesWork();
            if (wasLast) {
                place.free();
            }
            if (settles) {
                running.tell(ends);
            }
        } finally {
            if (wasLast) {
                place.passOn();
            } else {
                chain.close();
            }
        }
    }

    /** An interceptor may have made a result of any text, which is then not what can be shortened. */
    private ToolResult bounded(ToolResult result) {
        try {
            return limited(result);
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    private CompletionStage<ToolResult> approved(ToolCall call, Invocation invocation) {
        if (running.settled()) {
            return known(stopped());
        }
        Approval approval = around.approval();
        if (approval == null || !approval.needed(tool, call)) {
            return invoke(invocation);
        }
        return approval.ask(call, context, running)
                .thenCompose(refused -> refused != null ? known(refused) : onToolThread(() -> invoke(invocation)));
    }

    /** The rest of the work, where an approver or an interceptor went on from a thread of its own. */
    private CompletionStage<ToolResult> onToolThread(Supplier<CompletionStage<ToolResult>> rest) {
        CompletableFuture<ToolResult> result = new CompletableFuture<>();
        Share thread = new Share();
        AtomicBoolean begun = new AtomicBoolean();
        try {
            around.executor().execute(() -> {
                if (begun.compareAndSet(false, true)) {
                    goOn(rest, result, thread);
                }
            });
        } catch (RuntimeException | Error e) { // an executor without threads may throw errors too
            log.warn("the tools' executor refused to go on with {}", tool.name(), e);
            if (begun.compareAndSet(false, true)) {
                thread.close();
                result.complete(CallRunner.busy());
            }
        }
        return result;
    }

    private void goOn(Supplier<CompletionStage<ToolResult>> rest, CompletableFuture<ToolResult> result, Share thread) {
        if (!running.begin()) {
            thread.close();
            result.complete(stopped());
            return;
        }
        CompletionStage<ToolResult> later;
        try {
            later = rest.get();
        } catch (Throwable thrown) { // an interceptor further in
            later = CompletableFuture.failedStage(thrown);
        } finally {
            running.end();
        }
        thread.close(); // before anybody hears of the result
        Stages.whenComplete(later, (value, thrown) -> {
            if (thrown == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(thrown);
            }
        });
    }

    /** Never fails: what the tool throws is a result. */
    private CompletionStage<ToolResult> invoke(Invocation invocation) {
        if (!running.enter()) {
            return known(stopped());
        }
        Object returned;
        try {
            returned = invocation.run();
        } catch (Throwable thrown) { // whatever a tool throws, the call gets its result
            return known(failed(thrown));
        }
        if (!(returned instanceof CompletionStage<?> stage)) {
            return known(written(invocation, returned));
        }
        Share itself = new Share();
        CompletableFuture<ToolResult> result = new CompletableFuture<>();
        Stages.whenComplete(stage, (value, thrown) -> {
            try {
                ToolResult known = thrown == null ? written(invocation, value) : failed(thrown);
                itself.close(); // before anybody hears of the result
                result.complete(known);
            } finally {
                itself.close();
            }
        });
        if (itself.isOpen()) {
            // A stage that ignores being cancelled holds no thread; its call must not keep its place for ever.
            Runnable forget = () -> {
                Stages.cancel(stage);
                itself.close();
            };
            if (running.settled()) {
                forget.run();
            } else {
                running.onStop(forget);
            }
        }
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
        if (running.settled()) {
            Failure.late(tool.name(), thrown);
            return stopped();
        }
        return Failure.of(tool.name(), thrown);
    }

    private static CompletionStage<ToolResult> known(ToolResult result) {
        return CompletableFuture.completedFuture(result);
    }

    /** Something for which the work is not over yet: a thread inside it, or a stage. The last one's end is the work's. */
    private final class Share {
        private final AtomicBoolean closed = new AtomicBoolean();

        Share() {
            shares.getAndIncrement();
        }

        boolean isOpen() {
            return !closed.get();
        }

        /**
         * Of several times the first counts: stages of others may tell of their end twice. And the work ends once: an
         * interceptor that goes on after its call was answered takes a share again, only to find that there is nothing to do.
         */
        void close() {
            if (closesWork()) {
                place.free();
                place.passOn();
            }
        }

        /** As {@link #close}, but leaves it to the caller to give the place back. */
        boolean closesWork() {
            return !closed.getAndSet(true) && shares.getAndUpdate(open -> open == 1 ? ENDED : open - 1) == 1;
        }
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
            return running.isWorker() ? next(with) : onToolThread(() -> next(with));
        }

        CompletionStage<ToolResult> next(ToolCall with) {
            if (next < around.interceptors().size()) {
                return around.interceptors().get(next).intercept(new Link(next + 1, with));
            }
            try {
                Invocation invocation = checked;
                if (invocation == null
                        || !with.argumentsJson().equals(running.call().argumentsJson())) {
                    invocation = tool.read(with.argumentsJson(), around.validation(), context);
                }
                return approved(with, invocation);
            } catch (Refusal refusal) {
                return known(refusal.result());
            }
        }
    }
}
