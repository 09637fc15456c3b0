package dev.parley.tools.internal;

import java.time.Duration;

/**
 * How a tool is run, as {@code @ToolPolicy} says.
 *
 * @param timeout from the call's arrival
 * @param cancelOnInterrupt whether a caller who interrupts also ends the call
 * @param serial whether it waits for the serial calls before it, in its session
 * @param approval whether somebody must approve each call
 * @param speakProgress whether the agent says what the tool reports of itself
 * @param immediate whether a result asks for no reply about it
 * @param limit how long its output may be
 */
public record RunPolicy(
        Duration timeout,
        boolean cancelOnInterrupt,
        boolean serial,
        boolean approval,
        boolean speakProgress,
        boolean immediate,
        OutputLimit limit) {
    /** What holds without {@code @ToolPolicy}. */
    public static final RunPolicy USUAL =
            new RunPolicy(Duration.ofSeconds(10), false, false, false, false, false, OutputLimit.USUAL);

    /** The same, with another answer to whether a result asks for a reply. */
    RunPolicy immediate(boolean asksForNoReply) {
        return new RunPolicy(timeout, cancelOnInterrupt, serial, approval, speakProgress, asksForNoReply, limit);
    }
}
