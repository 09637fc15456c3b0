package dev.parley.tools;

import dev.parley.core.Clock;
import dev.parley.tools.internal.Outputs;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures one call for the meter. Thread-safe. */
final class Stopwatch {
    private static final Logger log = LoggerFactory.getLogger(Stopwatch.class);

    private final ToolMeter meter;
    private final Clock clock;
    private final long arrived;
    private String tool;
    private long begun;
    private boolean hasBegun;

    Stopwatch(ToolMeter meter, Clock clock, String tool) {
        this.meter = meter;
        this.clock = clock;
        this.tool = tool;
        this.arrived = clock.nanoTime();
    }

    /** The tool's name, where it was not known at first. */
    synchronized void isOf(String itsTool) {
        tool = itsTool;
    }

    /** A thread begins with the call; of several times the first counts. */
    synchronized void begins() {
        if (!hasBegun) {
            hasBegun = true;
            begun = clock.nanoTime();
        }
    }

    /** The call has its result. Said once. */
    void ends(ToolResult result) {
        long now = clock.nanoTime();
        long until;
        String of;
        synchronized (this) {
            of = tool;
            until = hasBegun ? begun : now;
        }
        try {
            meter.measured(new ToolMeter.Measure(
                    of,
                    result.errorCode(),
                    Duration.ofNanos(until - arrived),
                    Duration.ofNanos(now - until),
                    Outputs.bytes(result)));
        } catch (RuntimeException | Error e) {
            log.error("the meter of tools failed", e);
        }
    }
}
