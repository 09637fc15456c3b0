package dev.parley.tools;

import dev.parley.tools.internal.Outputs;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the model is told of something thrown. A {@link ToolException} was written for it. Of anything else it gets an
 * incident id, under which the log has the whole. Stateless; it never throws, whatever the exception's own methods do.
 */
final class Failure {
    private static final Logger log = LoggerFactory.getLogger(Failure.class);

    private Failure() {}

    /** The result of a call that threw. */
    static ToolResult of(String tool, Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        if (cause instanceof ToolException forTheModel) {
            try {
                ToolResult told = Outputs.error("failed", String.valueOf(forTheModel.getMessage()));
                // by its class alone: what it says to the model may repeat what the caller said
                log.debug("{} refused with {}", tool, cause.getClass().getName());
                return told;
            } catch (RuntimeException | Error e) {
                return incident(tool, e);
            }
        }
        return incident(tool, cause);
    }

    /** What was thrown after the call had its result: for the log, and for nobody else. */
    static void late(String tool, Throwable thrown) {
        try {
            Throwable cause = unwrapped(thrown);
            if (cause instanceof ToolException) {
                log.debug(
                        "{} refused after its call was answered, with {}",
                        tool,
                        cause.getClass().getName());
            } else {
                log.debug("{} threw after its call was answered", tool, cause);
            }
        } catch (RuntimeException | Error e) {
            log.debug("{} threw after its call was answered, and its exception cannot be logged", tool);
        }
    }

    private static ToolResult incident(String tool, Throwable cause) {
        String incident = String.format("%08x", ThreadLocalRandom.current().nextInt());
        try {
            log.error("{} failed; incident {}", tool, incident, cause);
        } catch (RuntimeException | Error e) {
            log.error(
                    "{} failed; incident {}; the exception cannot be logged: {}",
                    tool,
                    incident,
                    cause.getClass().getName());
        }
        return Outputs.error(
                "failed",
                tool + " failed for a technical reason (incident " + incident + "); do not say that it worked");
    }

    /** What waiting for another thread wraps around an exception is not what the tool threw. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable at = thrown;
        while (at instanceof CompletionException || at instanceof ExecutionException) {
            Throwable cause = at.getCause();
            if (cause == null || cause == at) {
                return at;
            }
            at = cause;
        }
        return at;
    }
}
