package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldUpLoopTest {
    private static final Problem PROBLEM = new Problem(Problem.Kind.AUDIO_DEVICE, "it waits");

    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();
    private final AtomicReference<SessionHandle> part = new AtomicReference<>();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void whatHoldsUpTheLoopCanBeToldWithoutIt() {
        CountDownLatch released = new CountDownLatch(1);
        try (VoiceSession session =
                provider.agent().listener(recorded).with(this::part).build().connect()) {
            part.get().loop().execute(() -> {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            part.get().reportPastLoop(PROBLEM);
            await().until(() -> recorded.problems.contains(PROBLEM));
            released.countDown();
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    private SessionPart part(SessionHandle handle) {
        part.set(handle);
        return new SessionPart() {};
    }
}
