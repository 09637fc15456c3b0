package dev.parley.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many sessions that talk, call and are cut off: all live on, and nothing grows: neither heap nor threads nor descriptors. */
class SoakTest {
    /**
     * What a session may hold more at one moment than at another: audio on its way, the buffers of a socket that is new. Its
     * conversation's log was full long before the first look.
     */
    private static final long HEAP_OF_A_SESSION = 8 << 10;

    private static final long SLACK = 3 << 20;

    /** The socket's reader, the HTTP client's writer, and a loop now and then. */
    private static final int THREADS_OF_A_SESSION = 3;

    @Test
    void twentySessionsOfTwentySecondsLeaveNothing() throws IOException, InterruptedException {
        soak(20, Duration.ofSeconds(20));
    }

    @Tag("soak")
    @Test
    void twoHundredSessionsOfFiveMinutesLeaveNothing() throws IOException, InterruptedException {
        soak(200, Duration.ofMinutes(5));
    }

    private static void soak(int count, Duration length) throws IOException, InterruptedException {
        Soak.Figures figures = Soak.run(count, length);
        System.out.println("What " + count + " sessions of " + length.toSeconds() + " s came to:\n" + figures);

        assertThat(figures.findings()).isEmpty();
        assertThat(figures.resets()).isPositive();
        assertThat(figures.reconnects()).isGreaterThanOrEqualTo(figures.resets());
        assertThat(figures.repliesOfTheQuietest()).isGreaterThanOrEqualTo(length.toSeconds() / 10);
        assertThat(figures.calls()).isGreaterThanOrEqualTo(count * (length.toSeconds() / 10));

        assertThat(figures.late().heap()).isLessThan(figures.early().heap() + count * HEAP_OF_A_SESSION + SLACK);
        // The HTTP client's pool is the JVM's: what an earlier soak left in it is idle, and not these sessions'.
        assertThat(figures.late().threads() + figures.late().pooled())
                .isLessThanOrEqualTo(figures.before().pooled() + count * THREADS_OF_A_SESSION);
        assertThat(figures.late().descriptors())
                .isLessThanOrEqualTo(figures.before().descriptors() + count + 4);

        assertThat(figures.after().heap()).isLessThan(figures.before().heap() + SLACK);
        assertThat(figures.after().threads()).isZero();
        assertThat(figures.after().descriptors())
                .isLessThanOrEqualTo(figures.before().descriptors());
    }
}
