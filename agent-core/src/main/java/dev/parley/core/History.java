package dev.parley.core;

import java.util.List;

/**
 * An earlier conversation that a new session should know of. A transcript is one.
 *
 * <p>How it reaches the model is the dialect's matter; swaram takes no items, so there it follows the instructions.
 */
public interface History {

    /** The conversation so far, in order. */
    List<Entry> entries();

    /**
     * One thing that was said or done.
     *
     * @param speaker who
     * @param text what was said and heard; for a tool, its name, arguments and output
     */
    record Entry(Speaker speaker, String text) {
        /** Shows no words. */
        @Override
        public String toString() {
            return "Entry[speaker=" + speaker + ", " + text.length() + " chars]";
        }
    }

    /** Who said or did it. */
    enum Speaker {
        USER,
        ASSISTANT,
        TOOL
    }
}
