package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How replies go out: in their pieces, by the clock, to clients that are slow or speak. */
class RepliesOnTheWayTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    @Test
    void aReplyThatIsStillHeardCountsAsInterruptedThoughAllOfItWasSent() {
        FakeClock clock = new FakeClock();
        Script script = Script.named("still heard")
                .turn(Turn.hear("a")
                        .says(Speech.of("b")
                                .soundingAs(Recording.tone(Duration.ofSeconds(8)))
                                .expectInterruption()))
                .turn(Turn.hear("c").says("d"))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            Awaitility.await().until(() -> clock.pendingTimers() == 1); // the reply has begun, and waits for the time
            clock.advance(Duration.ofSeconds(2));
            client.await("response.done");
            clock.advance(Duration.ofSeconds(5));
            client.say();
            Awaitility.await().until(() -> clock.pendingTimers() == 1);
            clock.advance(Duration.ofSeconds(2));
            client.await("response.done", 2);

            assertThat(client.await("response.done").at("/response/status").asText())
                    .isEqualTo("completed");
            server.assertPassed();
        }
    }

    @Test
    void aPauseIsByTheServersClock() {
        FakeClock clock = new FakeClock();
        Script script = Script.named("thinking")
                .turn(Turn.hear("a").pauses(Duration.ofSeconds(3)).says("b"))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("conversation.item.created");
            Awaitility.await("the pause").until(() -> clock.pendingTimers() == 1);
            clock.advance(Duration.ofMillis(2_999));
            client.send("{oops");
            client.await("error");
            assertThat(client.events("response.created")).isEmpty();
            clock.advance(Duration.ofMillis(1));

            client.await("response.created");
        }
    }

    /**
     * A timer that had fired waited for the connection while the caller's speech cancelled the reply, and then sent a piece
     * of it after its response.done.
     */
    @Test
    void aTimerThatFiresWhileItIsCancelledSendsNothing() {
        FakeClock time = new FakeClock();
        Clock stubborn = new Clock() {
            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public Instant instant() {
                return time.instant();
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                time.schedule(delay, task);
                return () -> {};
            }
        };
        Script script = Script.named("race")
                .turn(Turn.hear("a")
                        .says(Speech.of("b").soundingAs(Recording.tone(SOON)).expectInterruption()))
                .turn(Turn.hear("c").pauses(SOON).says("d"))
                .build();
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(stubborn).start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.output_audio.delta");
            client.say();
            client.await("conversation.item.created", 2);
            time.advance(Duration.ofSeconds(5));
            client.send("{oops");
            client.await("error");

            assertThat(client.events("response.output_audio.delta")).hasSize(1);
        }
    }

    @Test
    void oddPiecesJoinToTheWholeReply() {
        Script script = Script.named("odd")
                .turn(Turn.hear("a").says(Speech.of("One two three.").with(Fault.ODD_PIECES, Fault.NO_IDS)))
                .build();
        try (RehearsalServer server = fast(script);
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.done");

            assertThat(client.events("response.output_audio.delta"))
                    .allSatisfy(
                            each -> assertThat(each.fieldNames()).toIterable().containsExactly("type", "delta"));
            assertThat(Base64.getDecoder()
                            .decode(client.await("response.output_audio.delta")
                                    .path("delta")
                                    .asText()))
                    .hasSize(9_601);
            assertThat(client.audio())
                    .isEqualTo(Recording.toneFor("One two three.").pcm16().array());
        }
    }

    @Test
    void aSlowClientDoesNotMakeTheServerHoardItsReply() {
        Script script = Script.named("slow")
                .greeting(Speech.of("A very long story.").soundingAs(Recording.tone(Duration.ofMinutes(9))))
                .build();
        FakeClock clock = new FakeClock(Instant.EPOCH.atOffset(ZoneOffset.UTC).toInstant());
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                StalledClient client = StalledClient.connect(server)) {
            client.send(BareClient.CONFIGURE);
            client.send("{\"type\":\"response.create\"}");
            server.connection(0).awaitReceived("response.create", SOON);
            // 9 minutes are 26 MB as base64: all of it is due now, and nobody reads
            clock.advance(Duration.ofMinutes(5));

            assertThat(server.connection(0).closed()).isFalse();
            assertThat(server.report().mismatches()).containsExactly("greeting: the reply did not come to its end");
            client.readAll();
            clock.advance(Duration.ofMinutes(5));
        }
    }

    @Test
    void whoeverWaitsWhileTheClockStandsStillIsToldSo() {
        Script script = Script.named("long")
                .turn(Turn.hear("a").says("One two three four."))
                .build();
        FakeClock clock = new FakeClock(Instant.parse("2026-11-21T04:30:00Z"));
        try (RehearsalServer server =
                        RehearsalServer.builder().script(script).clock(clock).start();
                BareClient client = BareClient.ready(server)) {
            client.say();
            client.await("response.output_audio.delta");
            RehearsalConnection connection = server.connection(0);

            assertThatThrownBy(() -> connection.awaitFinished(Duration.ofMillis(1)))
                    .hasMessage("""
                            the script was not played to its end within PT0.001S:
                            mismatch: turn 1: the reply did not come to its end
                            The server's clock is a FakeClock[2026-11-21T04:30:00Z, 1 timer waits]: it stands still until you \
                            call advance""");
            assertThatThrownBy(() -> connection.awaitReceived("response.cancel", Duration.ofMillis(1)))
                    .message()
                    .startsWith("no response.cancel came within PT0.001S; the client sent ")
                    .endsWith("call advance");
            assertThatThrownBy(() -> connection.awaitClosed(Duration.ofMillis(1)))
                    .message()
                    .endsWith("call advance");
            clock.advance(Duration.ofMinutes(1));
            assertThatThrownBy(() -> connection.awaitClosed(Duration.ofMillis(1)))
                    .hasMessage("the connection is still open after PT0.001S");
        }
    }
}
