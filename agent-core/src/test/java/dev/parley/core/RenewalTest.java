package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.TurnDetection;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are replaced before their time is up: at which moment, and how the old one ends. */
@Timeout(60)
class RenewalTest extends RecoveryStage {
    private static final String MOVES = "reconnecting 0 after 0 ms: 1000";

    private static final SessionSettings BY_HAND =
            SessionSettings.builder().manualTurns().build();

    private final WrittenDownSockets sockets = new WrittenDownSockets();

    @Test
    void aSessionMovesOnBeforeItsTimeIsUpAndOnlyBetweenTurns() {
        VoiceAgent agent = agent().provider(openAi()).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            provider.send(
                    "{'type':'conversation.item.input_audio_transcription.completed','item_id':'u1','transcript':'hello'}",
                    "{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            clock.advance(Duration.ofMinutes(54));
            await().until(() -> clock.waiting() > 0);
            assertThat(session.state()).isEqualTo(SessionState.READY);
            provider.send("{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            clock.advance(Duration.ofSeconds(1));
            await().until(() -> recorded.told.contains(MOVES));
            provider.expectAnother();
            clock.advance(Duration.ZERO);
            assertThat(provider.next()).contains("session.update");
            assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("hello");
        }
    }

    /** A finished turn that is not answered yet is the server's alone: with the connection its words would go. */
    @Test
    void aSessionDoesNotMoveBetweenTheCallersLastWordAndTheReplyToIt() {
        try (VoiceSession session = aSecondBeforeItMoves(agent())) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r0'}}",
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'input_audio_buffer.speech_stopped'}",
                    "{'type':'response.done','response':{'id':'r0','status':'cancelled'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            looksForAMoment();
            answerAndMove();
        }
    }

    @Test
    void aSessionDoesNotMoveWhileAButtonIsHeldNorBeforeTheReplyToIt() {
        try (VoiceSession session = aSecondBeforeItMoves(agent().settings(BY_HAND))) {
            holdsTheButton(session);
            session.send(new ClientEvent.CommitAudio());
            provider.next();
            looksForAMoment();
            answerAndMove();
        }
    }

    @ParameterizedTest(name = "taken back: {0}")
    @ValueSource(booleans = {true, false})
    void whatIsTakenBackOrLetGoOfHoldsNoSessionBack(boolean takenBack) {
        try (VoiceSession session = aSecondBeforeItMoves(agent().settings(BY_HAND))) {
            holdsTheButton(session);
            if (takenBack) {
                session.clearAudio();
                provider.next();
            } else {
                for (int second = 0; second < 8; second++) {
                    looksForAMoment();
                }
            }
            moves();
        }
    }

    /** The application asks for the reply, when it has seen what the caller said. */
    @Test
    void aSessionDoesNotMoveBeforeTheApplicationHasAskedForTheReply() {
        SessionSettings asked = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().createsResponse(false))
                .build();
        try (VoiceSession session = aSecondBeforeItMoves(agent().settings(asked))) {
            theCallerSpeaks();
            looksForAMoment();
            session.requestResponse();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            looksForAMoment();
            answerAndMove();
        }
    }

    @Test
    void aSessionDoesNotMoveWhileAReplyOutsideOfTheConversationIsWritten() {
        try (VoiceSession session = aSecondBeforeItMoves(agent())) {
            session.requestResponse(
                    ResponseOptions.builder().outOfBand().textOnly().build());
            assertThat(provider.nextJson().at("/response/conversation").asText())
                    .isEqualTo("none");
            provider.send("{'type':'response.created','response':{'id':'aside','conversation_id':null}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            looksForAMoment();
            looksForAMoment();
            provider.send("{'type':'response.done','response':{'id':'aside','status':'completed'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            moves();
        }
    }

    @Test
    void aCoughHoldsASessionBackForTenSeconds() {
        try (VoiceSession session = aSecondBeforeItMoves(agent())) {
            theCallerSpeaks();
            for (int second = 0; second < 9; second++) {
                looksForAMoment();
            }
            assertThat(session.state()).isEqualTo(SessionState.READY);
            moves();
        }
    }

    private VoiceSession aSecondBeforeItMoves(VoiceAgent.Builder agent) {
        VoiceSession session = agent.provider(openAi()).build().connect();
        provider.next();
        clock.advance(Duration.ofMinutes(54).minusSeconds(1));
        return session;
    }

    private void holdsTheButton(VoiceSession session) {
        session.appendAudio(ProviderDouble.pcm(9_600));
        provider.next();
        looksForAMoment();
    }

    /** The second in which a session could move, and finds that it may not. */
    private void looksForAMoment() {
        int before = clock.scheduled();
        clock.advance(Duration.ofSeconds(1));
        await().until(() -> clock.scheduled() > before);
        assertThat(recorded.told).noneMatch(line -> line.startsWith("reconnecting"));
    }

    private void answerAndMove() {
        int before = recorded.part.size();
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}",
                "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        await().until(() -> recorded.part.subList(before, recorded.part.size()).contains("ResponseDone"));
        moves();
    }

    /** Within some seconds, and not because everything that is unanswered is given up after ten. */
    private void moves() {
        long began = clock.nanoTime();
        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return recorded.told.contains(MOVES);
        });
        assertThat(recorded.told).contains("state RECONNECTING");
        assertThat(Duration.ofNanos(clock.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
    }

    /** A move begins with a goodbye, so one failed attempt would end a healthy session of an agent that makes no second. */
    @Test
    void aSessionThatNeverReconnectsStaysUntilItsTimeIsUp() {
        VoiceAgent agent =
                agent().provider(openAi()).reconnect(ReconnectPolicy.never()).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(59));
            clock.advance(Duration.ofSeconds(1));
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(provider.handshakes).hasSize(1);
            assertThat(recorded.told).noneMatch(line -> line.startsWith("reconnecting"));
        }
    }

    @Test
    void aServerThatIsReplacedSeesANormalEnd() {
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            renew();
            assertThat(provider.next()).contains("session.update");
            await().until(() -> session.state() == SessionState.READY);
            await().until(() -> !provider.ends.isEmpty());
            // What is left is the next renewal.
            await().until(() -> clock.waiting() == 1);
        }
        assertThat(provider.ends).containsExactly(1000, 1000);
        assertNoTimer();
    }

    @Test
    void aReplacedServerThatDoesNotAnswerTheGoodbyeIsLeftAfterTwoSecondsAndHoldsUpNobody() {
        provider.answersClose = false;
        try (VoiceSession session = renewedWithoutAnAnswer()) {
            clock.advance(Duration.ofMillis(1_999));
            assertThat(clock.waiting()).isEqualTo(2);
            assertThat(sockets.made.get(0).isClosed()).isFalse();
            clock.advance(Duration.ofMillis(1));
            await().until(() -> sockets.made.get(0).isClosed());
            assertThat(clock.waiting()).isEqualTo(1);
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(sockets.made.get(1).isClosed()).isFalse();
            provider.answersClose = true;
        }
        assertNoTimer();
    }

    @Test
    void aSessionThatEndsLeavesNoReplacedServerBehind() {
        provider.answersClose = false;
        VoiceSession session = renewedWithoutAnAnswer();
        provider.answersClose = true;
        session.close();
        await().until(() -> sockets.made.stream().allMatch(Socket::isClosed));
        assertNoTimer();
    }

    private VoiceSession renewedWithoutAnAnswer() {
        OkHttpClient client = new OkHttpClient.Builder().socketFactory(sockets).build();
        VoiceSession session =
                agent().provider(openAi()).httpClient(client).build().connect();
        renew();
        assertThat(provider.next()).contains("session.update");
        await().until(() -> session.state() == SessionState.READY);
        await().until(() -> provider.ends.equals(List.of(1000)));
        assertThat(sockets.made).hasSize(2);
        return session;
    }

    private void renew() {
        assertThat(provider.next()).contains("session.update");
        clock.advance(Duration.ofMinutes(54));
        await().until(() -> recorded.told.contains(MOVES));
        provider.expectAnother();
        clock.advance(Duration.ZERO);
    }
}
