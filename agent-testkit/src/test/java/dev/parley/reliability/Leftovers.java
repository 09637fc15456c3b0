package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a session may leave behind: threads that still do something, and sockets. */
final class Leftovers {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    static {
        // the JVM opens a socket of its own with its first one, and keeps it
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            server.accept().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final long socketsBefore = sockets();

    /** Fails if there is more than there was, and stays so. */
    void assertNone(CountedClock clock) {
        await().atMost(PATIENCE).pollInterval(LOOK_AGAIN).untilAsserted(() -> {
            assertThat(busyThreads()).as("threads that are still busy").isEmpty();
            assertThat(sockets()).as("open sockets").isLessThanOrEqualTo(socketsBefore);
            assertThat(clock.waiting()).as("timers").isZero();
        });
    }

    /** Threads of Parley, of the link and of live connections, but for those of a pool that wait for work. */
    static List<String> busyThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> ours(each.getKey().getName()) && !waitsForWork(each.getValue()))
                .map(each -> each.getKey().getName() + " " + Arrays.toString(each.getValue()))
                .toList();
    }

    /** Threads of Parley and of the link, idle ones too. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(Leftovers::ours)
                .toList();
    }

    private static boolean ours(String name) {
        // a thread of OkHttp's dispatcher, and so of ours, bears the address that it is connected to
        return name.startsWith("parley-") || name.startsWith("OkHttp ws") || name.startsWith("OkHttp http");
    }

    private static boolean waitsForWork(StackTraceElement[] stack) {
        return stack.length == 0
                || Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("ThreadPoolExecutor")
                                && frame.getMethodName().equals("getTask"));
    }

    /** Open sockets of this process, where the system tells (Linux); 0 elsewhere. */
    static long sockets() {
        return descriptors(target -> target.startsWith("socket:"));
    }

    /** All open descriptors of this process, where the system tells; 0 elsewhere. */
    static long descriptors() {
        return descriptors(target -> true);
    }

    private static long descriptors(Predicate<String> counted) {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.filter(each -> counted.test(target(each))).count();
        } catch (IOException e) {
            throw new IllegalStateException("the process cannot list its descriptors", e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // closed since it was listed
            return "";
        }
    }
}
