package dev.parley.testkit.internal;

import dev.parley.testkit.LinkConnection;
import dev.parley.testkit.LinkFault;
import dev.parley.testkit.LinkFault.Direction;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A client's connection, ours to the server, and the two threads that carry bytes between them. Guarded by its monitor. */
final class RelayedConnection implements LinkConnection {
    private final int index;
    private final Socket client;
    private final Socket server;
    private final Runnable onFault;
    private final IntConsumer onOver;
    private final OneWay toServer;
    private final OneWay toClient;
    private final Thread[] threads;

    private @Nullable LinkFault fault;

    /** Counts up with each fault that is put on or taken off. */
    private int faults;

    private boolean cut;
    private int waysOver;
    private boolean over;

    RelayedConnection(int index, Socket client, Socket server, Runnable onFault, IntConsumer onOver) {
        this.index = index;
        this.client = client;
        this.server = server;
        this.onFault = onFault;
        this.onOver = onOver;
        this.toServer = new OneWay(Direction.TO_SERVER, client, server, this);
        this.toClient = new OneWay(Direction.TO_CLIENT, server, client, this);
        String name = "parley-link-" + client.getLocalPort() + "-" + index;
        this.threads = new Thread[] {new Thread(toServer, name + "-in"), new Thread(toClient, name + "-out")};
    }

    void start() {
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void apply(LinkFault next) {
        synchronized (this) {
            if (over || cut) {
                return;
            }
            change(next);
            if (next instanceof LinkFault.Reset) {
                over = true;
            }
        }
        onFault.run();
        if (next instanceof LinkFault.Reset) {
            // both before either closes: the thread that finds one closed closes the other as it is then
            resetOnClose(client);
            resetOnClose(server);
            close(client);
            close(server);
        }
    }

    @Override
    public synchronized void heal() {
        change(null);
    }

    private void change(@Nullable LinkFault next) {
        fault = next;
        faults++;
        notifyAll();
    }

    /** What a direction goes by for its next bytes. */
    record Condition(@Nullable LinkFault fault, int number, boolean cut) {
        boolean forgets(Direction direction) {
            return cut || (fault instanceof LinkFault.HalfOpen half && half.lost() == direction);
        }
    }

    /** The fault there is, once it is none that holds everything back. */
    synchronized Condition awaitFlow() throws IOException {
        while (fault instanceof LinkFault.Stalled && !over) {
            await(Long.MAX_VALUE);
        }
        if (over) {
            throw new IOException("the connection is over");
        }
        return new Condition(fault, faults, cut);
    }

    /** One side has closed; a fault that holds bytes back, or forgets them, does so with this news. */
    synchronized void awaitEnd(Direction direction) throws IOException {
        for (Condition now = awaitFlow(); !cut && now.forgets(direction); now = awaitFlow()) {
            await(Long.MAX_VALUE);
        }
    }

    /** Waits for so long, or until the fault changes. */
    synchronized void pause(Condition during, long nanos) throws IOException {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !over && faults == during.number(); left = until - System.nanoTime()) {
            await(left);
        }
    }

    private void await(long nanos) throws IOException {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Ends both sides with FIN. What still comes is read and forgotten: closed on unread bytes, a socket sends RST instead. */
    void cut() throws IOException {
        synchronized (this) {
            cut = true;
        }
        client.shutdownOutput();
        server.shutdownOutput();
    }

    /** A direction has come to its end; the second one closes the sockets. */
    void wayOver(Socket to, boolean broken) {
        boolean both;
        synchronized (this) {
            waysOver++;
            both = waysOver == 2;
        }
        if (both) {
            onOver.accept(index);
        }
        if (both || broken) {
            drop();
            return;
        }
        try {
            if (!to.isOutputShutdown()) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // it is closed already
            drop();
        }
    }

    void drop() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        close(client);
        close(server);
    }

    void join() {
        for (Thread thread : threads) {
            join(thread);
        }
    }

    /** Waits for a thread that has nothing left to wait for. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void reset(Socket socket) {
        resetOnClose(socket);
        close(socket);
    }

    private static void resetOnClose(Socket socket) {
        try {
            // without lingering, close sends RST
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket of the link could not be closed", e);
        }
    }

    @Override
    public long bytesToServer() {
        return toServer.passed();
    }

    @Override
    public long bytesToClient() {
        return toClient.passed();
    }

    @Override
    public synchronized boolean closed() {
        return over;
    }

    @Override
    public String toString() {
        return "LinkConnection[" + index + ", " + bytesToServer() + " bytes to the server, " + bytesToClient()
                + " to the client]";
    }
}
