package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.Credential;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections that are lost, and what the next one is told. */
class ReconnectTest extends RecoveryStage {
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

    /** It was told as what had been heard of the new reply. */
    @Test
    void aReplyIsCutAlsoWhileAPlayerReportsTheOneOfTheConnectionBefore() {
        try (VoiceSession session = agent().provider(openAi()).build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 48_000);
            provider.send("{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            lose(1011);
            clock.advance(Duration.ofMillis(500));
            assertThat(provider.next()).contains("session.update");
            provider.send("{'type':'response.created','response':{'id':'r2'}}");
            provider.sendAudio("r2", "i2", 48_000);
            await().until(() -> session.counters().audioReceived() == 96_000);
            session.playedUpTo("i1", Duration.ofMillis(900));
            session.interrupt();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_1\","
                            + "\"item_id\":\"i2\",\"content_index\":0,\"audio_end_ms\":0}");
            await().until(() -> recorded.told.contains("interrupted REQUESTED"));
            assertThat(recorded.part)
                    .contains("interrupted Interruption[cause=REQUESTED, responseId=r2, itemId=null, heard=PT0S]");
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
        assertNoTimer();
    }

    @Test
    void closingWhileReconnectingEndsAtOnce() {
        VoiceSession session = agent().build().connect();
        provider.next();
        lose(1013);
        session.close();
        assertThat(session.closeReason().kind()).isEqualTo(CloseReason.Kind.CLOSED_BY_US);
        assertNoTimer();
        assertThat(provider.handshakes).hasSize(1);
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
