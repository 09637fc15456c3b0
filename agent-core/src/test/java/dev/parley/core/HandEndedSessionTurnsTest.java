package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns that the application ends, from the button to the wire and back. */
@Timeout(60)
class HandEndedSessionTurnsTest extends SessionStage {
    @Override
    VoiceAgent.Builder agent() {
        return super.agent().provider(openAi());
    }

    @Test
    void aTurnThatIsEndedByHandGoesBehindItsAudioAndItsReplyIsAskedFor() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            assertThat(provider.nextJson()
                            .at("/session/audio/input/turn_detection")
                            .isNull())
                    .isTrue();
            session.appendAudio(ProviderDouble.pcm(4_800));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"parley_commit_1\"}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
            session.clearAudio();
            assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.clear\"}");
        }
    }

    @Test
    void aButtonThatWasOnlyTappedIsNotRepliedToAndTheListenerIsTold() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(4_798));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_1");
            provider.send("{'type':'error','error':{'type':'invalid_request_error',"
                    + "'code':'input_audio_buffer_commit_empty','event_id':'parley_commit_1'}}");
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems)
                    .containsExactly(new Problem(
                            Problem.Kind.PROVIDER_ERROR,
                            "OpenAI refused the caller's turn (input_audio_buffer_commit_empty), so no reply to it is asked"
                                    + " for. Too little of a voice came before it; for a button that was only tapped there is"
                                    + " clearAudio()"));
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
            // What was too short for one turn is none of the next.
            session.appendAudio(ProviderDouble.pcm(4_798));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_2");
            provider.send("{'type':'conversation.item.added','item':{'id':'i1','type':'message','role':'user',"
                    + "'content':[{'type':'input_audio','transcript':null}]}}");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
        }
    }

    @Test
    void aReplyThatWasAskedForBesideATurnThatIsRefusedIsCancelledBeforeItsFirstWord() {
        SessionSettings byHand = SessionSettings.builder().manualTurns().build();
        try (VoiceSession session = agent().settings(byHand).build().connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(4_800));
            session.commitAudio();
            assertThat(provider.next()).startsWith("{\"type\":\"input_audio_buffer.append\"");
            assertThat(provider.next()).contains("parley_commit_1");
            assertThat(provider.next()).startsWith("{\"type\":\"response.create\"");
            provider.send(
                    "{'type':'error','error':{'type':'invalid_request_error',"
                            + "'code':'input_audio_buffer_commit_empty','event_id':'parley_commit_1'}}",
                    "{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 100);
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            await().until(() -> session.counters().lateAudioDropped() == 100);
            assertThat(recorded.problems).hasSize(1);
        }
    }

    @Test
    void aTurnThatTheServerRepliesToByItselfIsCommittedAndNoMore() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            session.commitAudio();
            session.interrupt();
            session.clearAudio();
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"input_audio_buffer.commit\",\"event_id\":\"parley_commit_1\"}");
            assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.clear\"}");
        }
    }
}
