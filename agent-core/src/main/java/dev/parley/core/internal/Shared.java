package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.History;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Provider;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the classes of one session have in common, made once for it. What is mutable in it says who owns it. */
record Shared(
        Provider provider,
        Clock clock,
        SerialLane lane,
        EventCodec codec,
        Lifecycle life,
        Audience audience,
        Outgoing outgoing,
        ConversationLog conversation,
        Counters counters,
        Stopwatches stopwatches,
        Endings endings) {
    private static final Logger log = LoggerFactory.getLogger(Shared.class);

    static Shared of(
            Provider provider,
            @Nullable History earlier,
            Clock clock,
            Executor threads,
            ListenerLane listeners,
            EventCodec codec) {
        Faults faults = new Faults();
        SerialLane lane = new SerialLane(threads, faults);
        Lifecycle life = new Lifecycle(clock, lane);
        Audience audience = new Audience(listeners, lane, life);
        faults.told = audience;
        return new Shared(
                provider,
                clock,
                lane,
                codec,
                life,
                audience,
                new Outgoing(provider.dialect(), clock, lane, life, audience),
                new ConversationLog(earlier),
                new Counters(),
                new Stopwatches(clock, audience::measured),
                new Endings(provider));
    }

    Dialect dialect() {
        return provider.dialect();
    }

    /** What a task of the loop throws ends nothing, and is told. */
    private static final class Faults implements Consumer<Throwable> {
        private volatile @Nullable Audience told;

        @Override
        public void accept(Throwable fault) {
            log.error("a session's loop met a fault of its own", fault);
            Audience audience = told;
            if (audience != null) {
                try {
                    audience.failed(fault);
                } catch (RuntimeException | Error e) {
                    log.error("nobody could be told of it", e);
                }
            }
        }
    }
}
