package dev.parley.testkit;

/** One connection through a {@link FaultyLink}. Thread-safe; nothing in it waits. */
public interface LinkConnection {

    /** Which one it is, from zero, in the order of coming. */
    int index();

    /** Puts a fault on this connection alone, in place of the one before. On a connection that is over, nothing happens. */
    void apply(LinkFault fault);

    /** Takes the fault off. Bytes that a stall held back go on; those that were forgotten stay lost. */
    void heal();

    /** How many bytes the server was given; what a fault forgot does not count. */
    long bytesToServer();

    /** How many bytes the client was given; what a fault forgot does not count. */
    long bytesToClient();

    /** Whether it is over: both sides have closed, or it was reset, or the link is closed. */
    boolean closed();
}
