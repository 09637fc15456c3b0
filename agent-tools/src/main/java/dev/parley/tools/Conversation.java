package dev.parley.tools;

import java.util.List;

/**
 * The conversation that calls belong to: its serial calls take turns, and each call can ask for those before it. Thread-safe;
 * none of its methods blocks or throws.
 */
interface Conversation {

    /** That of calls which belong to none: they take turns with each other, and know of no others. */
    Conversation NONE = new Conversation() {};

    /** The calls that have their result, oldest first, as far as they are kept. */
    default List<PastCall> past() {
        return List.of();
    }

    /** A call is about to be run; not said of one that is refused. */
    default void begins(RunningCall call) {}

    /** A call has its result, which nobody has seen yet. Said once a call. */
    default void ends(RunningCall call, ToolResult result) {}
}
