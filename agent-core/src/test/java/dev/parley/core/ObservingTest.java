package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be seen of a session: measurements, counters, and what a slow listener costs. */
@Timeout(60)
class ObservingTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aListenerThatFallsBehindHoldsALimitedNumberOfBytes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        VoiceAgent agent = provider.agent()
                .with(recorded)
                .listener(new SessionListener() {
                    @Override
                    public void onEvent(VoiceSession session, ServerEvent event) {
                        if (event instanceof ServerEvent.OutputAudio) {
                            told.incrementAndGet();
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                    }
                })
                .build();
        try (VoiceSession session = agent.connect()) {
            int pieces = 40;
            for (int i = 0; i < pieces; i++) {
                provider.sendAudio("r1", "i1", 1024 * 1024);
            }
            await().until(() ->
                    recorded.part.stream().filter("OutputAudio"::equals).count() == pieces);
            // Sixteen MiB and their headers: fifteen pieces of one MiB.
            assertThat(session.counters().eventsNotTold()).isEqualTo(25);
            release.countDown();
            await().until(() -> told.get() == 15);
        }
    }
}
