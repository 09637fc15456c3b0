package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the approver, in bounded time. Whatever is not a clear yes is a no. */
final class Approval {
    private static final Logger log = LoggerFactory.getLogger(Approval.class);

    private final Approver approver;
    private final Predicate<ToolCall> rule;
    private final Duration timeout;
    private final Clock clock;

    Approval(Approver approver, Predicate<ToolCall> rule, Duration timeout, Clock clock) {
        this.approver = approver;
        this.rule = rule;
        this.timeout = timeout;
        this.clock = clock;
    }

    boolean needed(PlannedTool tool, ToolCall call) {
        return tool.policy().approval() || rule.test(call);
    }

    /**
     * Asks. The call's own timeout stands still meanwhile.
     *
     * <p>When the time is over the call is settled at once, past the interceptors, as at its own timeout: the approver may
     * hold the thread. A call that was settled in any other way is not asked about any longer either.
     *
     * @return null for yes; never fails
     */
    CompletionStage<@Nullable ToolResult> ask(ToolCall call, ToolContext context, RunningCall running) {
        CompletableFuture<@Nullable ToolResult> answer = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        ToolResult late = ToolResult.denied("nobody approved " + call.name() + " in time");
        running.pause();
        running.onStop(() -> answer.complete(late));
        Clock.Timer timer = clock.schedule(timeout, () -> {
            if (decided.compareAndSet(false, true)) {
                running.stop(late);
            }
        });
        CompletionStage<Approver.Decision> stage = asked(call, context);
        running.onStop(() -> Stages.cancel(stage));
        Stages.whenComplete(stage, (decision, thrown) -> {
            if (decided.compareAndSet(false, true)) {
                timer.cancel();
                running.resume();
                answer.complete(refusal(call, decision, thrown));
            }
        });
        return answer;
    }

    private static @Nullable ToolResult refusal(
            ToolCall call, Approver.@Nullable Decision decision, @Nullable Throwable thrown) {
        if (decision == null) {
            log.warn("the approver failed, so {} is not run", call.name(), thrown);
            return ToolResult.denied(call.name() + " was not approved");
        }
        return decision.approved() ? null : ToolResult.denied(decision.reason());
    }

    private CompletionStage<Approver.Decision> asked(ToolCall call, ToolContext context) {
        try {
            return approver.ask(call, context);
        } catch (RuntimeException | Error e) { // whatever an approver throws means no
            return CompletableFuture.failedStage(e);
        }
    }
}
