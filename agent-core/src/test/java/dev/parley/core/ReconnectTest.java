package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.TurnDetection;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are lost, and what the next one is told. */
class ReconnectTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();
    private final ManualClock clock = new ManualClock();
    private final WrittenDownSockets sockets = new WrittenDownSockets();
    private final ReconnectPolicy policy = ReconnectPolicy.exponential().random(() -> 0.5);

    @AfterEach
    void close() {
        provider.close();
    }

    private VoiceAgent.Builder agent() {
        return provider.agent()
                .instructions("Today.")
                .with(recorded)
                .listener(recorded)
                .clock(clock)
                .reconnect(policy);
    }

    private Provider openAi() {
        return OpenAi.realtime("gpt-realtime", "sk-test")
                .endpoint(provider.provider().endpoint());
    }

    private void lose(int code) {
        provider.socket().close(code, null);
        await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("reconnecting")));
        provider.expectAnother();
    }

    @Test
    void aBusyServerIsTriedAgainAndToldWhatWasSaid() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'input_audio_buffer.speech_stopped'}",
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.output_audio_transcript.delta','response_id':'r1','delta':'At '}",
                    "{'type':'conversation.item.input_audio_transcription.completed','item_id':'u1','transcript':'when?'}",
                    "{'type':'response.output_audio_transcript.delta','response_id':'r1','delta':'ten.'}",
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            lose(1013);
            assertThat(session.state()).isEqualTo(SessionState.RECONNECTING);
            assertThat(session.appendAudio(ProviderDouble.pcm(960))).isTrue();
            clock.advance(Duration.ofMillis(499));
            assertThat(provider.handshakes).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            assertThat(provider.nextJson().at("/session/instructions").asText())
                    .isEqualTo(
                            "Today.\n\nThis conversation goes on from an earlier one. What was said and done so far:\n"
                                    + "user: when?\nassistant: At ten.\n");
            // Nobody waits for an answer, so none is asked for: the next thing is the caller's voice.
            assertThat(provider.next()).contains("input_audio_buffer.append");
            await().until(() -> session.state() == SessionState.READY);
            assertThat(session.counters().reconnects()).isEqualTo(1);
            assertThat(recorded.told)
                    .containsSubsequence(
                            "state READY", "state RECONNECTING", "reconnecting 1 after 500 ms: 1013", "state READY");
        }
    }

    @Test
    void aReplyThatWasLostIsAskedForAgain() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            lose(1011);
            clock.advance(Duration.ofMillis(500));
            assertThat(provider.next()).contains("session.update");
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.create\"}");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aReplyThatIsOwedAndAskedForMeanwhileIsOneReply() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            lose(1011);
            session.requestResponse();
            clock.advance(Duration.ofMillis(500));
            assertThat(provider.next()).contains("session.update");
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.create\"}");
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() ->
                    recorded.part.stream().filter("ResponseCreated"::equals).count() == 2);
            assertThat(provider.unread()).isZero();
        }
    }

    @Test
    void whatIsSaidWhileAwayIsToldOnceAndBeforeTheReplyIsAskedFor() {
        VoiceAgent agent = agent().provider(openAi()).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            lose(1011);
            session.sendText("still there?");
            clock.advance(Duration.ofMillis(500));
            assertThat(provider.next()).contains("session.update");
            assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("still there?");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            assertThat(provider.unread()).isZero();
        }
    }

    @Test
    void anOpenCallGetsTwoSecondsAndItsResultIsTold() {
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            askForATool();
            ToolRequest first = recorded.call("c1");
            lose(1012);
            clock.advance(Duration.ofMillis(600));
            assertThat(provider.handshakes).hasSize(1);
            recorded.handle.answer(first, "{\"ok\":true}");
            await().until(() -> clock.waiting() > 0);
            clock.advance(Duration.ZERO);
            await().until(() -> {
                clock.advance(Duration.ZERO);
                return provider.handshakes.size() == 2;
            });
            assertThat(provider.nextJson().at("/session/instructions").asText())
                    .endsWith("tool: book{} -> {\"ok\":true}\n");
            assertThat(provider.next()).contains("response.create");
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(recorded.requests).hasSize(1);
        }
    }

    @Test
    void aCallThatDoesNotEndIsToldAsUnknownAndItsLateAnswerGoesNowhere() {
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            askForATool();
            ToolRequest first = recorded.call("c1");
            lose(1012);
            clock.advance(Duration.ofSeconds(2));
            assertThat(provider.nextJson().at("/session/instructions").asText())
                    .endsWith("tool: book{} -> the outcome is unknown; check it before you repeat this call\n");
            assertThat(provider.next()).contains("response.create");
            recorded.handle.answer(first, "{\"ok\":true}");
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems.get(0).message())
                    .isEqualTo(
                            "the tool book ended after its connection was replaced, and swaram could not be told how: it"
                                    + " knows the outcome as unknown");
            // The id is the server's to use again.
            askForATool();
            recorded.handle.answer(recorded.call("c1"), "{\"ok\":false}");
            assertThat(provider.nextJson().at("/item/output").asText()).isEqualTo("{\"ok\":false}");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void attemptsEndAndSoDoesTheSession() {
        VoiceSession session = agent().reconnect(policy.attempts(2)).build().connect();
        provider.next();
        lose(1013);
        provider.refusal.set(new mockwebserver3.MockResponse.Builder().code(503).build());
        clock.advance(Duration.ofMillis(500));
        await().until(() -> recorded.told.contains("reconnecting 2 after 1000 ms: 1006"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(session.closeReason().error()).isInstanceOf(ServerBusyException.class);
        assertThat(session.closeReason().message())
                .isEqualTo("swaram is busy (HTTP 503). Try again in a while (after 2 attempts to connect again)");
        assertThat(recorded.told).filteredOn(line -> line.startsWith("closed")).hasSize(1);
    }

    @Test
    void aRejectedTokenIsTriedOnceMoreWithAFreshOne() {
        AtomicInteger minted = new AtomicInteger();
        VoiceSession session = agent().provider(provider.provider()
                        .credential(Credential.bearer(() -> "swaram_ek_" + minted.incrementAndGet())))
                .build()
                .connect();
        provider.next();
        lose(4001);
        clock.advance(Duration.ZERO);
        assertThat(provider.next()).contains("session.update");
        assertThat(provider.handshakes.get(1).getHeaders().get("Authorization")).isEqualTo("Bearer swaram_ek_2");
        await().until(() -> session.state() == SessionState.READY);
        session.close();
    }

    @Test
    void aSupplierOfTokensIsAskedAnewAtEachConnection() {
        AtomicInteger minted = new AtomicInteger();
        VoiceAgent agent = agent().provider(provider.provider()
                        .credential(Credential.bearer(() -> "swaram_ek_" + minted.incrementAndGet())))
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            lose(1013);
            clock.advance(Duration.ofMillis(500));
            provider.next();
            await().until(() -> session.state() == SessionState.READY);
            assertThat(provider.handshakes)
                    .extracting(handshake -> handshake.getHeaders().get("Authorization"))
                    .containsExactly("Bearer swaram_ek_1", "Bearer swaram_ek_2");
        }
    }

    @Test
    void theLastFiveSecondsOfAudioAreKeptWhileAway() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            lose(1013);
            for (int second = 0; second < 7; second++) {
                assertThat(session.appendAudio(ProviderDouble.pcm(48_000))).isTrue();
            }
            assertThat(session.counters().audioDroppedBeforeReady()).isEqualTo(2 * 48_000);
            clock.advance(Duration.ofMillis(500));
            assertThat(provider.next()).contains("session.update");
            // The socket takes a piece at a time; between two the outbox looks at it again.
            await().until(() -> {
                clock.advance(Duration.ofMillis(5));
                return provider.unread() == 5;
            });
            assertThat(provider.drained()).allMatch(message -> message.contains("input_audio_buffer.append"));
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        VoiceSession session = agent().build().connect();
        provider.next();
        session.close();
        session.close();
        assertThat(recorded.told)
                .filteredOn(line -> line.startsWith("closed"))
                .containsExactly("closed CLOSED_BY_US 1000");
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void closingWhileReconnectingEndsAtOnce() {
        VoiceSession session = agent().build().connect();
        provider.next();
        lose(1013);
        session.close();
        assertThat(session.closeReason().kind()).isEqualTo(CloseReason.Kind.CLOSED_BY_US);
        assertThat(clock.waiting()).isZero();
        assertThat(provider.handshakes).hasSize(1);
    }

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
            await().until(() -> recorded.told.contains("reconnecting 0 after 0 ms: 1000"));
            provider.expectAnother();
            clock.advance(Duration.ZERO);
            assertThat(provider.next()).contains("session.update");
            assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("hello");
        }
    }

    /** A finished turn that is not answered yet is the server's alone: with the connection its words would go. */
    @Test
    void aSessionDoesNotMoveBetweenTheCallersLastWordAndTheReplyToIt() {
        VoiceAgent agent = agent().provider(openAi()).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(54).minusSeconds(1));
            provider.send(
                    "{'type':'response.created','response':{'id':'r0'}}",
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'input_audio_buffer.speech_stopped'}",
                    "{'type':'response.done','response':{'id':'r0','status':'cancelled'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            looksForAMoment();
            answerAndMove();
            assertThat(session.state()).isEqualTo(SessionState.RECONNECTING);
        }
    }

    @Test
    void aSessionDoesNotMoveWhileAButtonIsHeldNorBeforeTheReplyToIt() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        VoiceAgent agent = agent().provider(openAi()).settings(byHand).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(54).minusSeconds(1));
            session.appendAudio(ProviderDouble.pcm(9_600));
            provider.next();
            looksForAMoment();
            session.send(new ClientEvent.CommitAudio());
            provider.next();
            looksForAMoment();
            answerAndMove();
            assertThat(session.state()).isEqualTo(SessionState.RECONNECTING);
        }
    }

    @Test
    void whatIsTakenBackOrLetGoOfHoldsNoSessionBack() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        for (boolean takenBack : List.of(true, false)) {
            recorded.told.clear();
            provider.expectAnother();
            VoiceAgent agent = agent().provider(openAi()).settings(byHand).build();
            try (VoiceSession session = agent.connect()) {
                provider.next();
                clock.advance(Duration.ofMinutes(54).minusSeconds(1));
                session.appendAudio(ProviderDouble.pcm(9_600));
                provider.next();
                looksForAMoment();
                if (takenBack) {
                    session.clearAudio();
                    provider.next();
                } else {
                    for (int second = 0; second < 8; second++) {
                        looksForAMoment();
                    }
                }
                moves();
                provider.drained();
            }
        }
    }

    /** The application asks for the reply, when it has seen what the caller said. */
    @Test
    void aSessionDoesNotMoveBeforeTheApplicationHasAskedForTheReply() {
        SessionSettings asked = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().createsResponse(false))
                .build();
        VoiceAgent agent = agent().provider(openAi()).settings(asked).build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(54).minusSeconds(1));
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}", "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.part.contains("SpeechStopped"));
            looksForAMoment();
            session.requestResponse();
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            looksForAMoment();
            answerAndMove();
            assertThat(session.state()).isEqualTo(SessionState.RECONNECTING);
        }
    }

    @Test
    void aSessionDoesNotMoveWhileAReplyOutsideOfTheConversationIsWritten() {
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(54).minusSeconds(1));
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
            assertThat(session.state()).isEqualTo(SessionState.RECONNECTING);
        }
    }

    @Test
    void aCoughHoldsASessionBackForTenSeconds() {
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            provider.next();
            clock.advance(Duration.ofMinutes(54).minusSeconds(1));
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}", "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.part.contains("SpeechStopped"));
            for (int second = 0; second < 9; second++) {
                looksForAMoment();
            }
            assertThat(session.state()).isEqualTo(SessionState.READY);
            moves();
        }
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
            return recorded.told.contains("reconnecting 0 after 0 ms: 1000");
        });
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
        assertThat(clock.waiting()).isZero();
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
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void aSessionThatEndsLeavesNoReplacedServerBehind() {
        provider.answersClose = false;
        VoiceSession session = renewedWithoutAnAnswer();
        provider.answersClose = true;
        session.close();
        await().until(() -> sockets.made.stream().allMatch(Socket::isClosed));
        assertThat(clock.waiting()).isZero();
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
        await().until(() -> recorded.told.contains("reconnecting 0 after 0 ms: 1000"));
        provider.expectAnother();
        clock.advance(Duration.ZERO);
    }

    private void askForATool() {
        int before = recorded.requests.size();
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}",
                "{'type':'response.function_call_arguments.done','response_id':'r1','call_id':'c1','name':'book',"
                        + "'arguments':'{}'}",
                "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        await().until(() -> recorded.requests.size() > before);
    }
}
