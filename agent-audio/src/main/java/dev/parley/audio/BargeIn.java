package dev.parley.audio;

/** When the agent falls silent because the caller speaks. Immutable. */
public final class BargeIn {
    private static final BargeIn SERVER_DRIVEN = new BargeIn();

    private BargeIn() {}

    /**
     * The server says when: its {@code speech_started} silences the agent within the same turn of the session's loop.
     * For phone lines, headsets, and every line without the agent's own voice in the caller's.
     */
    public static BargeIn serverDriven() {
        return SERVER_DRIVEN;
    }

    @Override
    public String toString() {
        return "serverDriven()";
    }
}
