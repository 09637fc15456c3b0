package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.parley.core.ManualClock;
import dev.parley.core.Problem;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** How far the agent was heard, from the part that plays to those that are told: every 20 ms of every reply. */
class HeardPositionsTest implements SessionListener {
    private static final long FRAME = TimeUnit.MILLISECONDS.toNanos(20);

    private final ManualClock clock = new ManualClock();
    private final Provider provider = OpenAi.realtime("gpt-realtime", "sk-test");
    private final List<String> told = new ArrayList<>();
    private final Shared shared = Shared.of(
            provider, null, clock, Runnable::run, new ListenerLane(List.of(this), Runnable::run), new EventCodec());
    private final VoiceSession session = (VoiceSession) Proxy.newProxyInstance(
            VoiceSession.class.getClassLoader(), new Class<?>[] {VoiceSession.class}, (self, method, args) -> null);
    private final SessionLoop loop =
            new SessionLoop(shared, ReconnectPolicy.never(), new Dialer(provider, new OkHttpClient(), Runnable::run));
    private final SessionHandle handle = new PartHandle(session, loop, clock, shared.dialect(), Runnable::run);

    @Test
    void aPositionThatIsToldOnTheLoopAllocatesNothing() {
        long[] last = {0};
        seat(new SessionPart() {
            @Override
            public void onPlayedUpToNanos(String itemId, long heardNanos) {
                last[0] = heardNanos;
            }
        });
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int steps = 20_000;
        long[] allocated = {0};
        handle.loop().execute(() -> {
            handle.playedUpToNanos("i0", 1);
            for (int step = 1; step <= steps; step++) {
                if (step == steps / 2) {
                    allocated[0] = threads.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                }
                handle.playedUpToNanos("i1", step * FRAME);
            }
            allocated[0] =
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated[0];
        });
        assertThat(last[0]).isEqualTo(steps * FRAME);
        assertThat(allocated[0] / (steps / 2.0)).as("bytes each time").isLessThan(1);
    }

    @Test
    void partsAreToldByTheMethodThatTheyHaveAndWhatOneThrowsIsTold() {
        seat(
                new SessionPart() {
                    @Override
                    public void onPlayedUpTo(String itemId, Duration heard) {
                        told.add(itemId + " " + heard);
                    }
                },
                new SessionPart() {
                    @Override
                    public void onPlayedUpToNanos(String itemId, long heardNanos) {
                        throw new IllegalStateException("thrown by a test");
                    }
                },
                new SessionPart() {
                    @Override
                    public void onPlayedUpToNanos(String itemId, long heardNanos) {
                        told.add(itemId + " " + heardNanos + " ns");
                    }
                });
        handle.playedUpTo("i1", Duration.ofMillis(20));
        handle.playedUpToNanos("i1", FRAME);
        handle.playedUpToNanos("i1", -1);
        handle.playedUpTo("i1", Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(told)
                .containsExactly(
                        "i1 PT0.02S",
                        "i1 20000000 ns",
                        getClass().getName() + "$3 threw IllegalStateException; the session goes on",
                        "i1 " + Duration.ofNanos(Long.MAX_VALUE),
                        "i1 " + Long.MAX_VALUE + " ns",
                        getClass().getName() + "$3 threw IllegalStateException; the session goes on");
    }

    private void seat(SessionPart... parts) {
        loop.attach(session);
        shared.audience().seat(Parts.of(List.of(parts), List.of()));
    }

    @Override
    public void onProblem(VoiceSession told, Problem problem) {
        this.told.add(problem.message());
    }
}
