package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that are cut, and audio that comes when its reply is over. */
@Timeout(60)
class InterruptingTest extends SessionStage {
    private final ManualClock clock = new ManualClock();
    private final List<Measurement.What> measured = new CopyOnWriteArrayList<>();

    @Test
    void fallsSilentBeforeAnybodySeesThatTheCallerSpeaks() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            recorded.playing = true;
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 48_000);
            await().until(() -> session.counters().audioReceived() == 48_000);
            session.playedUpTo("i1", Duration.ofMillis(300));
            await().until(() -> recorded.part.contains("played i1 300"));
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 1_000);
            provider.send("{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            provider.sendAudio("r1", "i1", 2_000);
            provider.send("{'type':'response.created','response':{'id':'r2'}}");
            provider.sendAudio("r2", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 51_010);
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence CALLER_SPOKE",
                            "interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=i1, heard=PT0.3S]",
                            "SpeechStarted",
                            "ResponseDone",
                            "ResponseCreated",
                            "OutputAudio");
            assertThat(recorded.part.stream().filter("OutputAudio"::equals)).hasSize(2);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(3_000);
            // The server cancelled by itself: a cancel of ours would be one too many.
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        }
    }

    @Test
    void dropsLateAudioWithoutIdsUntilTheNextReply() {
        String audio = "{'type':'response.output_audio.delta','delta':'AAAA'}";
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created'}", audio, "{'type':'input_audio_buffer.speech_started'}", audio);
            provider.send("{'type':'response.done','status':'cancelled'}", audio, "{'type':'response.created'}", audio);
            await().until(() -> session.counters().audioReceived() == 12);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(6);
        }
    }

    /** It was known for eight replies; a quick conversation has those in half a minute, and what came then was played. */
    @Test
    void audioOfAReplyThatWasCutManyRepliesAgoIsNotHeard() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created','response':{'id':'cut'}}");
            provider.sendAudio("cut", "i1", 10);
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'response.done','response':{'id':'cut','status':'cancelled'}}");
            for (int i = 1; i <= 60; i++) {
                provider.send(
                        "{'type':'response.created','response':{'id':'r" + i + "'}}",
                        "{'type':'response.done','response':{'id':'r" + i + "','status':'completed'}}");
            }
            provider.sendAudio("cut", "i1", 10);
            provider.sendAudio("new", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 30);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(10);
            assertThat(recorded.part.stream().filter("OutputAudio"::equals)).hasSize(2);
        }
    }

    /** swaram documents ids in its audio and none in response.created: what came for a reply after the cut was played. */
    @Test
    void audioThatNamesAReplyWhoseBeginningDidNotIsNotHeardAfterTheCut() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created'}");
            provider.sendAudio("r1", "i1", 10);
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 20);
            provider.send("{'type':'response.done','status':'cancelled'}", "{'type':'response.created'}");
            provider.sendAudio("r1", "i1", 20);
            provider.sendAudio("r2", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 60);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(40);
            assertThat(recorded.told).containsOnlyOnce("interrupted CALLER_SPOKE");
        }
    }

    @Test
    void neitherIsWhatComesOnceItIsDone() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created'}");
            provider.sendAudio("r1", "i1", 10);
            provider.send("{'type':'response.done','status':'completed'}", "{'type':'response.created'}");
            provider.sendAudio("r1", "i1", 20);
            provider.sendAudio("r2", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 40);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(20);
        }
    }

    @Test
    void neitherIsTheFirstThatComesOnceItWasCut() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created'}", "{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 20);
            provider.send("{'type':'response.done','status':'cancelled'}", "{'type':'response.created'}");
            provider.sendAudio("r2", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 30);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(20);
        }
    }

    @Test
    void interruptSilencesFirstAndThenCancels() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            session.interrupt();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            await().until(() -> recorded.told.contains("interrupted REQUESTED"));
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence REQUESTED",
                            "> CancelResponse",
                            "interrupted Interruption[cause=REQUESTED," + " responseId=r1, itemId=null, heard=PT0S]");
            session.interrupt();
            session.send(new ClientEvent.CommitAudio());
            assertThat(provider.next()).contains("commit");
        }
    }

    @Test
    void aPartThatHearsTheCallerFirstInterruptsAsTheCallerAndCancelsAndTheProvidersOwnWordChangesNothing() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            recorded.handle.callerSpoke();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            await().until(() -> recorded.told.contains("ResponseDone"));
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence CALLER_SPOKE",
                            "> CancelResponse",
                            "interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=null, heard=PT0S]",
                            "SpeechStarted",
                            "ResponseDone");
            assertThat(recorded.told.stream().filter(each -> each.startsWith("interrupted")))
                    .containsExactly("interrupted CALLER_SPOKE");
            session.send(new ClientEvent.CommitAudio());
            assertThat(provider.next()).contains("commit");
        }
    }

    @Test
    void aPlayerOfTheApplicationsOwnIsInterruptedAfterTheEndOfTheReplyAndTheItemCutToWhatWasHeard() {
        try (VoiceSession session = afterAReplyOfOneSecond(agent())) {
            session.playedUpTo("i1", Duration.ofMillis(300));
            session.interrupt();
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_1\","
                            + "\"item_id\":\"i1\",\"content_index\":0,\"audio_end_ms\":300}");
            await().until(() -> recorded.told.contains("interrupted REQUESTED"));
            assertThat(recorded.part)
                    .contains("interrupted Interruption[cause=REQUESTED, responseId=r1, itemId=i1, heard=PT0.3S]");
            // What was played out, or cut already, is no reply any more.
            session.interrupt();
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        }
    }

    @Test
    void aReplyThatWasPlayedOutIsNotInterrupted() {
        try (VoiceSession session = afterAReplyOfOneSecond(agent())) {
            session.playedUpTo("i1", Duration.ofSeconds(1));
            session.interrupt();
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
            assertThat(recorded.told).noneMatch(line -> line.startsWith("interrupted"));
        }
    }

    /**
     * A player that reports ten times a second had always an end that it had not told of: the caller's next sentence
     * interrupted the reply before it, cut it at the server and in the memory, and was told as a barge-in.
     */
    @Test
    void aCallerWhoSpeaksAfterAReplyWhoseVeryEndWasNotReportedInterruptsNothing() {
        try (VoiceSession session = reportedUpTo920OfOneSecond()) {
            clock.advance(Duration.ofMillis(100));
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.told.contains("SpeechStarted"));
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
            assertThat(recorded.told).noneMatch(line -> line.startsWith("interrupted"));
            assertThat(measured).doesNotContain(Measurement.What.BARGE_IN);
        }
    }

    @Test
    void aCallerWhoSpeaksWhileTheVeryEndMayStillSoundCutsTheReplyAtTheLastReport() {
        try (VoiceSession session = reportedUpTo920OfOneSecond()) {
            clock.advance(Duration.ofMillis(80));
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.truncate\",\"event_id\":\"parley_cut_1\","
                            + "\"item_id\":\"i1\",\"content_index\":0,\"audio_end_ms\":920}");
            await().until(() -> recorded.told.contains("SpeechStarted"));
            assertThat(recorded.part)
                    .contains("interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=i1, heard=PT0.92S]");
            assertThat(measured).contains(Measurement.What.BARGE_IN);
        }
    }

    /** OpenAI's, which cuts items; the whole of the reply has come, and none of it is told as played yet. */
    private VoiceSession afterAReplyOfOneSecond(VoiceAgent.Builder agent) {
        VoiceSession session = agent.provider(openAi()).build().connect();
        provider.next();
        provider.send("{'type':'response.created','response':{'id':'r1'}}");
        provider.sendAudio("r1", "i1", 48_000);
        provider.send("{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        await().until(() -> recorded.part.contains("ResponseDone"));
        return session;
    }

    private VoiceSession reportedUpTo920OfOneSecond() {
        SessionListener measures = new SessionListener() {
            @Override
            public void onMeasured(VoiceSession told, Measurement measurement) {
                measured.add(measurement.what());
            }
        };
        VoiceSession session = afterAReplyOfOneSecond(agent().listener(measures).clock(clock));
        session.playedUpTo("i1", Duration.ofMillis(920));
        await().until(() -> recorded.part.contains("played i1 920"));
        return session;
    }

    @Test
    void tellsOfAReplyThatTheProviderCutByItself() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            await().until(() -> recorded.told.contains("interrupted PROVIDER"));
        }
    }

    @Test
    void clampsWhatWasHeardToWhatWasReceivedAndNeverGoesBack() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created','response':{'id':'r'}}");
            provider.sendAudio("r", "i", 4_800);
            await().until(() -> session.counters().audioReceived() == 4_800);
            session.playedUpTo("i", Duration.ofMillis(60));
            session.playedUpTo("i", Duration.ofMillis(40));
            session.playedUpTo("i", Duration.ofMillis(500));
            session.playedUpTo("i", Duration.ofMillis(600));
            await().until(() -> recorded.part.contains("played i 100"));
            assertThat(recorded.part.stream().filter(line -> line.startsWith("played")))
                    .containsExactly("played i 60", "played i 100");
            assertThatThrownBy(() -> session.playedUpTo("i", Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theEndOfAnOlderReplyLeavesTheCurrentOneAlone() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r0'}}",
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r0','status':'cancelled'}}");
            provider.sendAudio("r1", "i1", 100);
            await().until(() -> session.counters().audioReceived() == 100);
            assertThat(session.counters().lateAudioDropped()).isZero();
            assertThat(recorded.told).noneMatch(line -> line.startsWith("interrupted"));
        }
    }

    @Test
    void audioThatComesBeforeItsReplyBeganCanBeInterruptedToo() {
        try (VoiceSession session = agent().build().connect()) {
            provider.sendAudio("r1", "i1", 10);
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 20);
            await().until(() -> session.counters().audioReceived() == 30);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(20);
        }
    }

    @Test
    void audioAfterAReplyHadEndedIsDroppedAndToldOnce() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            provider.sendAudio("r1", "i1", 10);
            provider.sendAudio("r1", "i1", 10);
            await().until(() -> session.counters().lateAudioDropped() == 20);
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems)
                    .containsExactly(new Problem(
                            Problem.Kind.OUT_OF_ORDER,
                            "swaram sent audio for a reply that was already done; it is dropped and counted"));
        }
    }
}
