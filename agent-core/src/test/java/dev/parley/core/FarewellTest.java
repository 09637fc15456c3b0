package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers without a reply, and ends that wait for the last word. */
class FarewellTest extends SessionStage {
    private static final int SECOND = 48_000;

    private final ManualClock clock = new ManualClock();
    private VoiceSession session;

    @BeforeEach
    void theModelAsksToEndTheCall() {
        recorded.tools = List.of(new ToolDefinition("goodbye", "", "{}"));
        session = agent().clock(clock).build().connect();
        provider.next();
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}",
                "{'type':'response.function_call_arguments.done','response_id':'r1','call_id':'c1','name':'goodbye',"
                        + "'arguments':'{}'}",
                "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        await().until(() -> recorded.part.contains("ResponseDone") && recorded.requests.size() == 1);
    }

    @AfterEach
    void hangUp() {
        session.close();
    }

    @Test
    void hangsUpWhenTheReplyHasBeenHeard() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        lastWordsOfTwoSeconds();
        session.playedUpTo("i2", Duration.ofMillis(1_900));
        awaitHeard(1_900);
        assertThat(session.state()).isEqualTo(SessionState.READY);
        session.playedUpTo("i2", Duration.ofSeconds(2));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(session.closeReason().kind()).isEqualTo(CloseReason.Kind.CLOSED_BY_US);
        assertThat(recorded.told).noneMatch(line -> line.startsWith("transfer"));
    }

    @Test
    void tellsOfATransferBeforeTheEnd() {
        recorded.handle.transferAfterReply(recorded.call("c1"), "+91 484 555 0100");
        recorded.answer("c1", "{}");
        lastWordsOfTwoSeconds();
        session.playedUpTo("i2", Duration.ofSeconds(2));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(recorded.told).containsSubsequence("transfer +91 484 555 0100", "closed CLOSED_BY_US 1000");
    }

    @Test
    void stopsWaitingForAReplyThatNeverComes() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        provider.next();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        clock.advance(Duration.ofSeconds(10));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void waitsAsLongAsTheWordsLastWhereNobodyReportsPlayback() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        lastWordsOfTwoSeconds();
        clock.advance(Duration.ofMillis(3_999));
        assertThat(session.awaitClosed(Duration.ofMillis(50))).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void staysWhenTheCallerSpeaksMeanwhile() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        lastWordsOfTwoSeconds();
        provider.send("{'type':'input_audio_buffer.speech_started'}");
        await().until(() -> recorded.part.contains("SpeechStarted"));
        session.playedUpTo("i2", Duration.ofSeconds(2));
        awaitHeard(2_000);
        clock.advance(Duration.ofSeconds(9));
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void audioFromBeforeTheRequestIsNotWaitedForWhereNobodyReportsPlayback() {
        provider.send("{'type':'response.created','response':{'id':'r0'}}");
        provider.sendAudio("r0", "i0", 60 * SECOND);
        provider.send("{'type':'response.done','response':{'id':'r0','status':'completed'}}");
        aCallOfReply("r3", "c2");
        recorded.handle.hangUpAfterReply(recorded.call("c2"));
        recorded.answer("c2", "{}");
        provider.next();
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        provider.sendAudio("r2", "i2", 2 * SECOND);
        provider.send("{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        awaitRepliesDone(4);
        clock.advance(Duration.ofSeconds(4));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aQuietAnswerLetsWhatWasSaidBesideTheCallBeHeardThoughNobodyReportsPlayback() {
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        provider.sendAudio("r2", "i2", 2 * SECOND);
        provider.send(
                "{'type':'response.function_call_arguments.done','response_id':'r2','call_id':'c2','name':'goodbye',"
                        + "'arguments':'{}'}",
                "{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        awaitRepliesDone(2);
        recorded.handle.hangUpAfterReply(recorded.call("c2"));
        recorded.handle.answerQuietly(recorded.call("c2"), "{}");
        provider.next();
        clock.advance(Duration.ofMillis(3_999));
        assertThat(session.awaitClosed(Duration.ofMillis(50))).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aReplyThatNeverEndsIsNotWaitedForForEver() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        provider.next();
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        await().until(() -> recorded.part.lastIndexOf("ResponseCreated") > recorded.part.indexOf("ResponseDone"));
        clock.advance(Duration.ofMinutes(2));
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aToolThatAsksOnceTheCallerHasSpokenAsksTooLate() {
        provider.send("{'type':'input_audio_buffer.speech_started'}");
        await().until(() -> recorded.part.contains("SpeechStarted"));
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.answer("c1", "{}");
        provider.send(
                "{'type':'input_audio_buffer.speech_stopped'}",
                "{'type':'response.created','response':{'id':'r2'}}",
                "{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        awaitRepliesDone(2);
        assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
        clock.advance(Duration.ofMinutes(5));
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void nobodyIsTransferredWhenTheSessionIsOver() {
        session.close();
        recorded.handle.transferAfterReply(recorded.call("c1"), "+91 484 555 0100");
        recorded.handle.answerQuietly(recorded.call("c1"), "{}");
        onTheLoop();
        clock.advance(Duration.ofMinutes(5));
        onTheLoop();
        assertThat(recorded.told).noneMatch(line -> line.startsWith("transfer"));
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void aCallOfAnEarlierConnectionEndsNothing() {
        ToolRequest call = recorded.call("c1");
        recorded.handle.hangUpAfterReply(
                new ToolRequest(call.callId(), call.name(), call.argumentsJson(), call.responseId(), 0));
        recorded.answer("c1", "{}");
        provider.next();
        onTheLoop();
        clock.advance(Duration.ofMinutes(5));
        onTheLoop();
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    @Test
    void leavesAtOnceAfterAQuietAnswer() {
        recorded.handle.hangUpAfterReply(recorded.call("c1"));
        recorded.handle.answerQuietly(recorded.call("c1"), "{}");
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aQuietAnswersReplyIsCancelledBeforeItsFirstWord() {
        recorded.handle.answerQuietly(recorded.call("c1"), "{}");
        assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
        provider.sendAudio("r2", "i2", 960);
        provider.send("{'type':'response.done','response':{'id':'r2','status':'cancelled'}}");
        provider.send("{'type':'response.created','response':{'id':'r3'}}");
        await().until(() -> recorded.part.lastIndexOf("ResponseCreated") > recorded.part.lastIndexOf("ResponseDone"));
        assertThat(recorded.part).doesNotContain("OutputAudio").noneMatch(line -> line.startsWith("interrupted"));
        session.send(new ClientEvent.ClearAudio());
        assertThat(provider.next()).contains("clear");
    }

    @Test
    void aQuietAnswerBesideAnOrdinaryOneIsSpokenOf() {
        provider.send(
                "{'type':'response.function_call_arguments.done','response_id':'r1','call_id':'c2','name':'goodbye',"
                        + "'arguments':'{}'}");
        await().until(() -> recorded.requests.size() == 2);
        recorded.answer("c1", "{}");
        recorded.handle.answerQuietly(recorded.call("c2"), "{}");
        provider.next();
        assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        provider.sendAudio("r2", "i2", 960);
        await().until(() -> recorded.part.contains("OutputAudio"));
        assertThat(provider.unread()).isZero();
    }

    @Test
    void aReplyToTheCallerAfterAQuietAnswerIsSpoken() {
        recorded.handle.answerQuietly(recorded.call("c1"), "{}");
        provider.next();
        provider.send(
                "{'type':'input_audio_buffer.speech_started'}",
                "{'type':'input_audio_buffer.speech_stopped'}",
                "{'type':'response.created','response':{'id':'r2'}}");
        provider.sendAudio("r2", "i2", 960);
        await().until(() -> recorded.part.contains("OutputAudio"));
        assertThat(provider.unread()).isZero();
    }

    @Test
    void tellsListenersOfProgress() {
        recorded.handle.report(new ToolProgress(recorded.call("c1"), "still looking"));
        await().until(() -> recorded.told.contains("progress goodbye still looking"));
    }

    private void lastWordsOfTwoSeconds() {
        provider.next();
        provider.send("{'type':'response.created','response':{'id':'r2'}}");
        provider.sendAudio("r2", "i2", 2 * SECOND);
        provider.send("{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        awaitRepliesDone(2);
    }

    private void awaitRepliesDone(int count) {
        await().until(() ->
                recorded.part.stream().filter("ResponseDone"::equals).count() == count);
    }

    private void aCallOfReply(String responseId, String callId) {
        provider.send(
                "{'type':'response.created','response':{'id':'" + responseId + "'}}",
                "{'type':'response.function_call_arguments.done','response_id':'" + responseId + "','call_id':'"
                        + callId + "','name':'goodbye','arguments':'{}'}",
                "{'type':'response.done','response':{'id':'" + responseId + "','status':'completed'}}");
        await().until(() -> recorded.requests.size() == 2);
    }

    /** Returns when what the loop was given before is done. */
    private void onTheLoop() {
        CompletableFuture.runAsync(() -> {}, recorded.handle.loop()).join();
    }

    private void awaitHeard(int millis) {
        await().until(() -> recorded.part.contains("played i2 " + millis));
    }
}
