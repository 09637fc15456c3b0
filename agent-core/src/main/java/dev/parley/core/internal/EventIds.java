package dev.parley.core.internal;

/** Names for events that a server may refuse: its error then names the event. Confined to the loop. */
final class EventIds {
    private final String prefix;
    private int last;

    /** @param prefix tells this sender's events from those of others */
    EventIds(String prefix) {
        this.prefix = prefix;
    }

    /** The ids of a gate's own events. */
    static EventIds ofGate() {
        return new EventIds("parley_");
    }

    String next() {
        return prefix + ++last;
    }
}
