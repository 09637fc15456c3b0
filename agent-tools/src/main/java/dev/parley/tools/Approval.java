package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
     * @return null for yes; never fails
     */
    CompletionStage<@Nullable ToolResult> ask(ToolCall call, ToolContext context, RunningCall running) {
        CompletableFuture<@Nullable ToolResult> answer = new CompletableFuture<>();
        running.pause();
        Clock.Timer timer = clock.schedule(
                timeout, () -> answer.complete(ToolResult.denied("nobody approved " + call.name() + " in time")));
        asked(call, context).whenComplete((decision, thrown) -> {
            if (thrown != null || decision == null) {
                log.warn("the approver failed, so {} is not run", call.name(), thrown);
                answer.complete(ToolResult.denied(call.name() + " was not approved"));
            } else {
                answer.complete(decision.approved() ? null : ToolResult.denied(decision.reason()));
            }
        });
        return answer.whenComplete((refused, thrown) -> {
            timer.cancel();
            running.resume();
        });
    }

    private CompletionStage<Approver.Decision> asked(ToolCall call, ToolContext context) {
        try {
            CompletionStage<Approver.Decision> stage = approver.ask(call, context);
            return stage == null ? CompletableFuture.failedStage(new NullPointerException("no stage")) : stage;
        } catch (RuntimeException | Error e) { // whatever an approver throws means no
            return CompletableFuture.failedStage(e);
        }
    }
}
