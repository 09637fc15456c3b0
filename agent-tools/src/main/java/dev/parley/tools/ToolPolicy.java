package dev.parley.tools;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a tool is run. Stands beside {@code @Tool}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ToolPolicy {
    /**
     * How long a call may take, from its arrival: a number and a unit, {@code 200ms}, {@code 5s} or {@code 2m}; unless said,
     * what the toolbox gives, 10 s by itself ({@link Toolbox.Builder#timeout}). When it is over, the model is told
     * {@code timeout} and the method's thread is interrupted.
     */
    String timeout() default "";

    /** What becomes of a running call when the caller interrupts the agent. */
    OnInterrupt onInterrupt() default OnInterrupt.FINISH;

    /** Whether calls of this tool wait for the calls before them, of all tools so marked, in the same session. */
    boolean serial() default false;

    /** Whether the toolbox's {@link Approver} must say yes to each call. Without an approver the toolbox is not built. */
    boolean approval() default false;

    /**
     * Whether the agent says what {@link ToolContext#progress} reports, in a sentence beside the conversation. Where the
     * provider cannot be asked for one (swaram), listeners alone are told.
     */
    boolean speakProgress() default false;

    /**
     * How long the output of a call may be, in bytes of UTF-8: the whole JSON text that the model gets. 64 KiB unless said,
     * 1 KiB at least and 16 MiB at most.
     */
    int resultLimit() default 64 * 1024;

    /** What becomes of a result that is too long. */
    OnLargeResult onLargeResult() default OnLargeResult.REFUSE;

    /** What becomes of a result that is too long. */
    enum OnLargeResult {
        /** The model is told {@code too_large}, and that the call itself ran. */
        REFUSE,
        /**
         * The longest lists lose their last elements and the longest texts their ends, until the rest fits; the model is
         * told {@code "shortened":true} beside {@code "ok"}. What cannot be shortened so is refused. For tools that look
         * things up, best first.
         */
        SHORTEN
    }

    /** What becomes of a running call when the caller interrupts the agent. */
    enum OnInterrupt {
        /** It runs to its end, since it may have effects. */
        FINISH,
        /** Its thread is interrupted and the model is told {@code cancelled}. For tools that only read. */
        CANCEL
    }
}
