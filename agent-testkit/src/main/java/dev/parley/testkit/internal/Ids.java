package dev.parley.testkit.internal;

/** The ids that a server gives on one connection, each kind counted from one. Confined to the connection's monitor. */
final class Ids {
    private long events;
    private long responses;
    private long items;
    private long calls;

    String newEvent() {
        return "event_" + ++events;
    }

    String newResponse() {
        return "resp_" + ++responses;
    }

    String newItem() {
        return "item_" + ++items;
    }

    String newCall() {
        return "call_" + ++calls;
    }
}
