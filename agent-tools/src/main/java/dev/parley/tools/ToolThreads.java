package dev.parley.tools;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that tools run on, and those that ask for tools: virtual ones where the JVM has them, else daemons that
 * end after 10 s without work.
 */
final class ToolThreads {
    private static final Logger log = LoggerFactory.getLogger(ToolThreads.class);
    private static final String NAME = "parley-tool-";

    private ToolThreads() {}

    static Executor create() {
        return create(NAME);
    }

    /** @param name the threads are named so, with a number behind it */
    static Executor create(String name) {
        try {
            // The floor is Java 17, which can only reach virtual threads by name.
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object named = type.getMethod("name", String.class, long.class).invoke(builder, name, 0L);
            ThreadFactory virtual = (ThreadFactory) type.getMethod("factory").invoke(named);
            return task -> virtual.newThread(task).start();
        } catch (ReflectiveOperationException | UnsupportedOperationException e) {
            return daemons(name);
        }
    }

    /** About as many threads as there are calls at once, which the toolbox bounds; one more for a moment, where it is lent. */
    static Executor daemons() {
        return daemons(NAME);
    }

    private static Executor daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs a task of the application's off the current thread: on the executor, or if that refuses on a thread of its own.
     * Never throws, and runs the task once.
     */
    static void elsewhere(Executor executor, Runnable task) {
        AtomicBoolean taken = new AtomicBoolean();
        Runnable once = () -> {
            if (taken.compareAndSet(false, true)) {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    log.error("what follows the end of a call failed", e);
                }
            }
        };
        try {
            executor.execute(once);
        } catch (RuntimeException | Error refused) {
            try {
                Thread own = new Thread(once, NAME + "last");
                own.setDaemon(true);
                own.start();
            } catch (RuntimeException | Error none) {
                log.error("there is no thread for what follows the end of a call", none);
            }
        }
    }
}
