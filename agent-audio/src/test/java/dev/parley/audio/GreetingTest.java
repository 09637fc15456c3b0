package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.SessionState;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A greeting of two seconds begins at 0 ms; a second of it is to be heard before the caller may interrupt it. */
class GreetingTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int MS = 24;
    private static final ServerEvent STARTED = new ServerEvent.SpeechStarted(null, null);
    private static final ServerEvent STOPPED = new ServerEvent.SpeechStopped(null, null);

    private final FakeSession session = new FakeSession(24_000);
    private final Scripted source = new Scripted(FORMAT);
    private final MemorySink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(300));

    @Test
    void theServersWordInterruptsInTheSameTurnOnceSoMuchWasHeard() {
        Playback playback = open(server());
        assertThat(session.parts.get(0).interruptsItself())
                .as("the server is asked not to")
                .isTrue();
        reply("r1", 2_000);
        session.clock.advanceMillis(1_000);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(1_000L);
        assertThat(session.heard).containsExactly(java.util.Map.entry("i-r1", Duration.ofSeconds(1)));
        assertThat(playback.state()).isEqualTo(BargeIn.State.INTERRUPTED);
    }

    @Test
    void whoCoughedBeforeInterruptsNothing() {
        Playback playback = open(server());
        reply("r1", 2_000);
        session.clock.advanceMillis(300);
        session.event(STARTED);
        session.clock.advanceMillis(699);
        session.event(STOPPED);
        session.clock.advanceMillis(1_500);
        assertThat(session.interruptedAtMillis).isEmpty();
        assertThat(playback.heard("i-r1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(session.clock.pendingTimers()).as("the source's alone").isEqualTo(1);
    }

    @Test
    void whoSpeaksStillAtThatMomentInterruptsThen() {
        open(server());
        reply("r1", 2_000);
        session.clock.advanceMillis(300);
        session.event(STARTED);
        session.clock.advance(Duration.ofMillis(700).minusNanos(1));
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advance(Duration.ofNanos(1));
        assertThat(session.interruptedAtMillis).containsExactly(1_000L);
        assertThat(session.heard).containsExactly(java.util.Map.entry("i-r1", Duration.ofSeconds(1)));
        session.event(STOPPED);
        session.clock.advanceMillis(20);
        assertThat(session.clock.pendingTimers()).as("the source's alone").isEqualTo(1);
    }

    @Test
    void whoBeganBeforeTheGreetingDidInterruptsThenToo() {
        open(server());
        session.event(STARTED);
        session.clock.advanceMillis(500);
        reply("r1", 2_000);
        session.clock.advanceMillis(2_000);
        assertThat(session.interruptedAtMillis).containsExactly(1_500L);
    }

    @Test
    void aGreetingThatComesInPiecesIsCountedByWhatWasHeard() {
        open(server());
        session.event(new ServerEvent.ResponseCreated("r1"));
        audio("r1", 600);
        session.clock.advanceMillis(300);
        session.event(STARTED);
        session.clock.advanceMillis(700);
        assertThat(session.interruptedAtMillis).as("it paused after 600 ms").isEmpty();
        audio("r1", 600);
        session.clock.advanceMillis(399);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(1);
        assertThat(session.interruptedAtMillis).containsExactly(1_400L);
    }

    @Test
    void afterAShortGreetingEveryReplyIsInterruptedAtOnce() {
        open(server());
        reply("r1", 400);
        session.clock.advanceMillis(500);
        reply("r2", 2_000);
        session.clock.advanceMillis(100);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(600L);
    }

    @Test
    void speechOverAShortGreetingIsNoneOverTheNextReply() {
        open(server());
        reply("r1", 400);
        session.clock.advanceMillis(100);
        session.event(STARTED); // and its end is never told
        session.clock.advanceMillis(500);
        reply("r2", 2_000);
        session.clock.advanceMillis(3_000);
        assertThat(session.interruptedAtMillis).isEmpty();
    }

    @Test
    void aGreetingThatWasCutIsOver() {
        open(server());
        reply("r1", 2_000);
        session.clock.advanceMillis(100);
        session.interrupt();
        reply("r2", 2_000);
        session.clock.advanceMillis(100);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(200L);
    }

    /** As a server does that cancels by itself: the words to come find no reply in their way. */
    @Test
    void aReplyThatHasNotSoundedYetIsInterruptedToo() {
        open(server());
        reply("r1", 1_000);
        session.clock.advanceMillis(1_500);
        session.event(new ServerEvent.ResponseCreated("r2"));
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(1_500L);
    }

    @Test
    void aConnectionThatIsLostTakesTheSpeechWithIt() {
        open(server());
        reply("r1", 2_000);
        session.clock.advanceMillis(300);
        session.event(STARTED);
        session.state(SessionState.RECONNECTING);
        session.clock.advanceMillis(1_000);
        assertThat(session.interruptedAtMillis).isEmpty();
    }

    @Test
    void aSinkThatStandsStillIsAskedEveryFrameAndTheGreetingWaitsForIt() {
        LateSink late = new LateSink();
        session.parts.add(AudioLink.between(source, late).bargeIn(server()).open(session));
        session.state(SessionState.READY);
        reply("r1", 2_000);
        session.event(STARTED);
        session.clock.advanceMillis(1_500);
        assertThat(session.interruptedAtMillis).isEmpty();
        late.played = 1_000 * MS;
        session.clock.advanceMillis(20);
        assertThat(session.interruptedAtMillis).hasSize(1);
    }

    @Test
    void aServerThatCannotBeAskedIsRefusedAndTheLinkCanBeUsedAgain() {
        session.interruptsRegardless = true;
        AudioLink link = AudioLink.between(source, sink).bargeIn(server());
        assertThatThrownBy(() -> link.open(session))
                .isInstanceOf(UnsupportedByProviderException.class)
                .hasMessage(
                        "this provider cancels a reply whenever it hears the caller, and cannot be asked not to, so no"
                                + " greeting is kept whole by serverDriven().notBefore(…): leave notBefore out, or keep the caller's"
                                + " voice from the provider while the agent speaks, with BargeIn.halfDuplex() or pushToTalk()");
        assertThat(source.closed).isFalse();
        session.parts.add(link.bargeIn(BargeIn.serverDriven()).open(session));
        assertThat(session.parts.get(0).interruptsItself()).isFalse();
    }

    @Test
    void noTimeAtAllLeavesInterruptionsToTheServer() {
        session.interruptsRegardless = true;
        open(BargeIn.serverDriven().notBefore(Duration.ofSeconds(1)).notBefore(Duration.ZERO));
        assertThat(session.parts.get(0).interruptsItself()).isFalse();
        reply("r1", 2_000);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).isEmpty();
        assertThatThrownBy(() -> BargeIn.serverDriven().notBefore(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a time is not below zero: PT-0.001S");
    }

    @Test
    void aDetectorTooIsFreeAfterAShortGreeting() {
        open(detecting());
        source.give(Pcm.constant(8_000, 3_000 * MS));
        reply("r1", 400);
        session.clock.advanceMillis(500);
        assertThat(session.interruptedAtMillis).isEmpty();
        reply("r2", 2_000);
        session.clock.advanceMillis(120);
        assertThat(session.interruptedAtMillis).containsExactly(620L);
    }

    /** "Hi" over a short greeting is answered at once, and there is no quiet moment between it and the answer. */
    @Test
    void aShortGreetingIsOverWhenTheReplyBehindItBeginsToSound() {
        open(server());
        replyAtOnceBehindAShortGreeting();
        session.clock.advanceMillis(299);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).as("the greeting's last sound").isEmpty();
        session.event(STOPPED);
        session.clock.advanceMillis(201);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(600L);
    }

    @Test
    void speechOverAShortGreetingIsNoneOverTheReplyThatFollowsAtOnce() {
        open(server());
        replyAtOnceBehindAShortGreeting();
        session.event(STARTED); // and its end is never told
        session.clock.advanceMillis(3_000);
        assertThat(session.interruptedAtMillis).isEmpty();
    }

    @Test
    void aDetectorTooIsFreeWhenTheReplyBehindAShortGreetingBeginsToSound() {
        open(detecting());
        source.give(Pcm.constant(8_000, 3_000 * MS));
        replyAtOnceBehindAShortGreeting();
        session.clock.advanceMillis(300);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(120);
        assertThat(session.interruptedAtMillis).containsExactly(500L);
    }

    /** One that is lost while its end still plays is not made longer by what waits behind it. */
    @Test
    void aLostConnectionMakesAShortGreetingNoLonger() {
        open(server());
        replyAtOnceBehindAShortGreeting();
        session.state(SessionState.RECONNECTING);
        session.state(SessionState.READY);
        session.clock.advanceMillis(500);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(600L);
    }

    @Test
    void aReplyWithoutIdsIsNoGreetingEitherWhereItFollowsAtOnce() {
        open(server());
        session.event(new ServerEvent.ResponseCreated(null));
        session.event(new ServerEvent.OutputAudio(null, null, Pcm.constant(2_000, 400 * MS)));
        session.event(new ServerEvent.ResponseDone(null, "completed", List.of()));
        session.event(new ServerEvent.ResponseCreated(null));
        session.event(new ServerEvent.OutputAudio(null, null, Pcm.constant(2_000, 2_000 * MS)));
        session.clock.advanceMillis(600);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).containsExactly(600L);
    }

    @Test
    void aReplyOutsideOfTheConversationEndsNoGreetingThatPauses() {
        open(server());
        session.event(new ServerEvent.ResponseCreated("r1"));
        session.event(new ServerEvent.ResponseCreated("summary", true));
        audio("r1", 600);
        session.clock.advanceMillis(700);
        session.event(new ServerEvent.ResponseDone("summary", "completed", List.of()));
        session.clock.advanceMillis(100);
        session.event(STARTED);
        audio("r1", 600);
        session.clock.advanceMillis(399);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(1);
        assertThat(session.interruptedAtMillis).as("a second of it was heard").containsExactly(1_200L);
    }

    @Test
    void whatIsSaidOutsideOfTheConversationBeforeTheGreetingIsNoneOfIt() {
        open(server());
        session.event(new ServerEvent.ResponseCreated("notice", true));
        audio("notice", 500);
        session.event(new ServerEvent.ResponseDone("notice", "completed", List.of()));
        session.clock.advanceMillis(700);
        reply("r1", 2_000);
        session.clock.advanceMillis(999);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(1);
        assertThat(session.interruptedAtMillis).containsExactly(1_700L);
    }

    @Test
    void aFirstReplyThatSaysNothingIsNoGreeting() {
        open(server());
        session.event(new ServerEvent.ResponseCreated("calling"));
        session.event(new ServerEvent.ResponseDone("calling", "completed", List.of()));
        reply("r1", 2_000);
        session.clock.advanceMillis(500);
        session.event(STARTED);
        assertThat(session.interruptedAtMillis).isEmpty();
        session.clock.advanceMillis(500);
        assertThat(session.interruptedAtMillis).containsExactly(1_000L);
    }

    /** A second of the greeting is asked for, which has 400 ms; at 100 ms the answer to the caller's "hi" comes. */
    private void replyAtOnceBehindAShortGreeting() {
        reply("r1", 400);
        session.clock.advanceMillis(100);
        reply("r2", 2_000);
    }

    private static BargeIn detecting() {
        return BargeIn.local(
                        format -> pcm16 -> pcm16.order(ByteOrder.LITTLE_ENDIAN).getShort() > 1_000)
                .notBefore(Duration.ofSeconds(1));
    }

    private static BargeIn server() {
        return BargeIn.serverDriven().notBefore(Duration.ofSeconds(1));
    }

    private Playback open(BargeIn policy) {
        session.parts.add(AudioLink.between(source, sink).bargeIn(policy).open(session));
        session.state(SessionState.READY);
        return session.part(Playback.class);
    }

    private void reply(String id, int millis) {
        session.event(new ServerEvent.ResponseCreated(id));
        audio(id, millis);
        session.event(new ServerEvent.ResponseDone(id, "completed", List.of()));
    }

    private void audio(String id, int millis) {
        session.event(new ServerEvent.OutputAudio(id, "i-" + id, Pcm.constant(2_000, millis * MS)));
    }

    /** Takes all, and has played what the test says. */
    private static final class LateSink implements AudioSink {
        long played;

        @Override
        public PcmFormat format() {
            return FORMAT;
        }

        @Override
        public int write(ByteBuffer pcm16) {
            int bytes = pcm16.remaining();
            pcm16.position(pcm16.limit());
            return bytes;
        }

        @Override
        public long played() {
            return played;
        }

        @Override
        public long flush() {
            return played;
        }

        @Override
        public void close() {}
    }
}
