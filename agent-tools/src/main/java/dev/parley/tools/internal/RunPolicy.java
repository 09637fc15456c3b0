package dev.parley.tools.internal;

import dev.langchain4j.agent.tool.ReturnBehavior;
import java.time.Duration;

/**
 * How a tool is run, as {@code @ToolPolicy} says.
 *
 * @param timeout from the call's arrival
 * @param cancelOnInterrupt whether a caller who interrupts also ends the call
 * @param serial whether it waits for the serial calls before it, in its session
 * @param approval whether somebody must approve each call
 * @param speakProgress whether the agent says what the tool reports of itself
 * @param returns to whom a result goes, in LangChain4j's words
 * @param limit how long its output may be
 */
public record RunPolicy(
        Duration timeout,
        boolean cancelOnInterrupt,
        boolean serial,
        boolean approval,
        boolean speakProgress,
        ReturnBehavior returns,
        OutputLimit limit) {
    /** What holds without {@code @ToolPolicy}. */
    static RunPolicy usual(Duration timeout, ReturnBehavior returns) {
        return new RunPolicy(timeout, false, false, false, false, returns, OutputLimit.USUAL);
    }

    /**
     * Whether a result asks for no reply about it in a voice session. Another call of the same response that does ask gets
     * its reply, so "if it is the last" needs no more.
     */
    public boolean immediate() {
        return returns != ReturnBehavior.TO_LLM;
    }
}
