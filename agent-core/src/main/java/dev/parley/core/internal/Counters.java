package dev.parley.core.internal;

import dev.parley.core.SessionCounters;
import java.util.concurrent.atomic.AtomicLong;

/** What came in. Counted on the loop, read anywhere. */
final class Counters {
    final AtomicLong audioReceived = new AtomicLong();
    final AtomicLong lateAudio = new AtomicLong();
    final AtomicLong malformed = new AtomicLong();
    final AtomicLong unrecognized = new AtomicLong();
    final AtomicLong reconnects = new AtomicLong();
    final AtomicLong inputTokens = new AtomicLong();
    final AtomicLong outputTokens = new AtomicLong();

    /** With what went out, and what listeners missed. */
    SessionCounters with(Outbox outbox, Audience audience) {
        return new SessionCounters(
                outbox.audioSent(),
                outbox.audioUnsent(),
                audioReceived.get(),
                outbox.audioRefused(),
                outbox.audioDroppedBeforeReady(),
                lateAudio.get(),
                malformed.get(),
                unrecognized.get(),
                reconnects.get(),
                inputTokens.get(),
                outputTokens.get(),
                audience.eventsDropped());
    }
}
