package dev.parley.tools;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Asked before a call runs whose tool needs approval: a supervisor's screen, or a policy. Asked last, after validation and
 * every interceptor, so that what is approved is what runs; while it is being asked the tool's timeout stands still, and
 * the approval's own runs. It fails closed: no answer in time, a throw or a failed stage all mean no.
 */
@FunctionalInterface
public interface Approver {

    /**
     * Asks about one call. Called on a tool's thread; it may block, but holds that thread then. Must be thread-safe.
     *
     * @param call with the arguments that will be run
     */
    CompletionStage<Decision> ask(ToolCall call, ToolContext context);

    /**
     * Yes, or no with a reason.
     *
     * @param reason what the model reads if it is no
     */
    record Decision(boolean approved, String reason) {
        public Decision {
            Objects.requireNonNull(reason);
        }

        /** The call runs. */
        public static Decision approve() {
            return new Decision(true, "");
        }

        /** The call is answered with {@code denied} and this sentence, written for the model. */
        public static Decision deny(String reason) {
            return new Decision(false, reason);
        }
    }
}
