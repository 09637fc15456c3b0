package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.Clock;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recording that ends with the caller's last word: the server finds the turn's end by a silence that no source sends. */
@Timeout(60)
class LastWordTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    @ParameterizedTest
    @EnumSource(RehearsalDialect.class)
    void theTurnIsAnswered(RehearsalDialect dialect) {
        Script script = Script.named("last word")
                .turn(Turn.hear("hello").says("good day"))
                .build();
        AudioSource source =
                AudioSource.of(FORMAT, Recording.tone(Duration.ofMillis(400)).pcm16());
        MemorySink sink = AudioSink.inMemory(FORMAT, Clock.system());
        try (RehearsalServer server =
                RehearsalServer.builder().dialect(dialect).script(script).start()) {
            VoiceAgent agent = VoiceAgent.builder().provider(server.provider()).build();
            try (VoiceSession session =
                    agent.session().with(AudioLink.between(source, sink)).connect()) {
                Playback playback = session.part(Playback.class);
                await().until(() -> !playback.heard().isZero());
                assertThat(playback.sourceEnded().toCompletableFuture()).isDone();
                await().untilAsserted(server::assertPassed);
            }
        }
    }
}
