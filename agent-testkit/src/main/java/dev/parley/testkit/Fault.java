package dev.parley.testkit;

/**
 * What a server may do wrong, or otherwise than documented, within one response. An agent should survive each of them.
 */
public enum Fault {
    /** The audio comes in pieces of an odd number of bytes, so that samples are split between two of them. */
    ODD_PIECES(true, false),
    /** The audio ends in the middle of a sample. */
    HALF_SAMPLE(true, false),
    /** One more piece of audio comes after {@code response.done}, or after the reply was cancelled. */
    LATE_AUDIO(true, false),
    /** {@code response.created} comes after the first piece of the reply, or after the first call. */
    CREATED_LATE(true, true),
    /** No event of the response has an {@code event_id}, {@code response_id} or {@code item_id}. */
    NO_IDS(true, true),
    /** Events that nobody knows come in between. */
    UNKNOWN_EVENTS(true, true),
    /** Messages that are not JSON, or lack what their type needs, come in between. */
    BROKEN_MESSAGES(true, true),
    /**
     * {@code response.function_call_arguments.done} has no {@code name}; the call's item, which comes before it in
     * {@code response.output_item.added}, has it.
     */
    NAME_ELSEWHERE(false, true),
    /** {@code response.function_call_arguments.done} comes twice for each call. One output is due all the same. */
    REPEATED_CALLS(false, true),
    /** {@code response.done} comes before the calls of its response. */
    DONE_EARLY(false, true);

    private final boolean inSpeech;
    private final boolean inCalls;

    Fault(boolean inSpeech, boolean inCalls) {
        this.inSpeech = inSpeech;
        this.inCalls = inCalls;
    }

    Fault checkedForSpeech() {
        if (!inSpeech) {
            throw new ScriptException("the fault " + this + " is for calls, not for speech");
        }
        return this;
    }

    Fault checkedForCalls() {
        if (!inCalls) {
            throw new ScriptException("the fault " + this + " is for speech, not for calls");
        }
        return this;
    }
}
