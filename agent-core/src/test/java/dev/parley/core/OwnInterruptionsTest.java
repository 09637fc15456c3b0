package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.TurnDetection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A part that finds out by itself when the caller interrupts, as a local detector does, beside servers that do and do not leave that to it. */
@Timeout(60)
class OwnInterruptionsTest extends SessionStage {
    private final AtomicReference<SessionHandle> ear = new AtomicReference<>();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aServerThatCanBeAskedLeavesInterruptionsToThePart() {
        try (VoiceSession session = openAi(SessionSettings.none())) {
            assertThat(turnDetection()).isEqualTo("{\"type\":\"server_vad\",\"interrupt_response\":false}");
            speak();
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.part.contains("SpeechStarted"));
            assertThat(recorded.part)
                    .as("the server's word alone changes nothing")
                    .noneMatch(line -> line.startsWith("silence"));
            ear.get().loop().execute(ear.get()::callerSpoke);
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            await().until(() -> recorded.part.contains("silence CALLER_SPOKE"));
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** A part that acts on the server's word by itself silences the agent in the same turn of the loop. */
    @Test
    void onTheLoopItTakesEffectAtOnce() {
        try (VoiceSession session = openAi(SessionSettings.none())) {
            speak();
            List<String> after = new CopyOnWriteArrayList<>();
            ear.get().loop().execute(() -> {
                ear.get().callerSpoke();
                after.addAll(recorded.part);
            });
            await().until(() -> !after.isEmpty());
            assertThat(after).contains("silence CALLER_SPOKE");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** Those told after it got a piece of a reply that had been cut and truncated already: they played it. */
    @Test
    void aPartThatInterruptsAtAPieceOfTheReplyCutsItOnceAllPartsHaveThatPiece() {
        SessionExtension interrupts = handle -> new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                if (event instanceof ServerEvent.OutputAudio) {
                    handle.loop().execute(() -> recorded.part.add("the next task"));
                    handle.callerSpoke();
                }
            }
        };
        try (VoiceSession session = VoiceAgent.builder()
                .provider(openAi())
                .with(interrupts)
                .with(recorded)
                .build()
                .connect()) {
            recorded.playing = true;
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 4_800);
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> session.counters().lateAudioDropped() == 4_800);
            await().until(() -> recorded.part.contains("the next task"));
            assertThat(recorded.part.subList(recorded.part.indexOf("ResponseCreated"), recorded.part.size()))
                    .containsExactly(
                            "ResponseCreated",
                            "OutputAudio",
                            "silence CALLER_SPOKE",
                            "> CancelResponse",
                            "> TruncateItem",
                            "interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=null, heard=PT0S]",
                            "the next task");
        }
    }

    @Test
    void aPartKnowsWhichServersInterruptRegardless() {
        try (VoiceSession session = openAi(SessionSettings.none())) {
            assertThat(ear.get().serverInterruptsRegardless()).isFalse();
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
        try (VoiceSession session =
                provider.agent().with(recorded).with(this::part).build().connect()) {
            assertThat(ear.get().serverInterruptsRegardless()).isTrue();
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void whatElseTheTurnsWereToBeStays() {
        SessionSettings settings = SessionSettings.builder()
                .turnDetection(TurnDetection.semanticVad().eagerness("low"))
                .build();
        try (VoiceSession session = openAi(settings)) {
            assertThat(turnDetection())
                    .isEqualTo("{\"type\":\"semantic_vad\",\"eagerness\":\"low\",\"interrupt_response\":false}");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** It was overridden without a word, and the same in a later change was heeded. */
    @Test
    void settingsThatSayThatTheServerInterruptsAreSentAsTheyAre() {
        SessionSettings settings = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().interruptsResponse(true))
                .build();
        try (VoiceSession session = openAi(settings)) {
            assertThat(turnDetection()).isEqualTo("{\"type\":\"server_vad\",\"interrupt_response\":true}");
            speak();
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.part.contains("silence CALLER_SPOKE"));
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** What a change did not say was the server's to choose, and it chose to cut the greeting at a cough again. */
    @Test
    void aChangeThatSaysNothingOfInterruptionsLeavesThemToThePart() {
        try (VoiceSession session = openAi(SessionSettings.none())) {
            turnDetection();
            change(session, TurnDetection.serverVad().threshold(0.8));
            assertThat(turnDetection())
                    .isEqualTo("{\"type\":\"server_vad\",\"threshold\":0.8,\"interrupt_response\":false}");
            change(session, TurnDetection.semanticVad().interruptsResponse(true));
            assertThat(turnDetection()).as("its own word").contains("\"interrupt_response\":true");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aChangeLeavesInterruptionsToThePartOnLaterConnectionsTooAndThePartIsAskedOnce() {
        try (VoiceSession session = openAi(SessionSettings.none())) {
            assertThat(turnDetection()).isEqualTo("{\"type\":\"server_vad\",\"interrupt_response\":false}");
            change(session, TurnDetection.semanticVad());
            assertThat(turnDetection()).isEqualTo("{\"type\":\"semantic_vad\",\"interrupt_response\":false}");
            provider.socket().close(1013, null);
            assertThat(turnDetection()).isEqualTo("{\"type\":\"semantic_vad\",\"interrupt_response\":false}");
            assertThat(asked).as("on the connecting thread, and no more").hasValue(1);
        }
    }

    @Test
    void aSessionThatBeganWithManualTurnsLeavesInterruptionsToThePartOnceTheServerFindsTurns() {
        try (VoiceSession session =
                openAi(SessionSettings.builder().manualTurns().build())) {
            assertThat(turnDetection()).isEqualTo("null");
            change(session, TurnDetection.serverVad());
            assertThat(turnDetection()).isEqualTo("{\"type\":\"server_vad\",\"interrupt_response\":false}");
        }
    }

    private static void change(VoiceSession session, TurnDetection detection) {
        SessionSettings settings =
                SessionSettings.builder().turnDetection(detection).build();
        session.send(new ClientEvent.SessionUpdate(new SessionConfig(null, null, List.of(), settings)));
    }

    @Test
    void turnsThatTheApplicationEndsStayWithIt() {
        try (VoiceSession session =
                openAi(SessionSettings.builder().manualTurns().build())) {
            assertThat(turnDetection()).isEqualTo("null");
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aServerThatCancelsByItselfIsNotAskedAndItsWordSilencesAsEver() {
        try (VoiceSession session =
                provider.agent().with(recorded).with(this::part).build().connect()) {
            assertThat(provider.next()).doesNotContain("turn_detection");
            speak();
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.part.contains("SpeechStarted"));
            List<String> told = List.copyOf(recorded.part);
            assertThat(told.indexOf("silence CALLER_SPOKE"))
                    .isNotNegative()
                    .as("first silence, then the news")
                    .isLessThan(told.indexOf("SpeechStarted"));
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    private VoiceSession openAi(SessionSettings settings) {
        return VoiceAgent.builder()
                .provider(openAi())
                .settings(settings)
                .with(recorded)
                .with(this::part)
                .build()
                .connect();
    }

    private SessionPart part(SessionHandle handle) {
        ear.set(handle);
        return new SessionPart() {
            @Override
            public boolean interruptsItself() {
                asked.incrementAndGet();
                return true;
            }
        };
    }

    private String turnDetection() {
        JsonNode update = provider.nextJson();
        assertThat(update.path("type").asText()).isEqualTo("session.update");
        return update.at("/session/audio/input/turn_detection").toString();
    }

    private void speak() {
        recorded.playing = true;
        provider.send("{'type':'response.created','response':{'id':'r1'}}");
        provider.sendAudio("r1", "i1", 4_800);
        await().until(() -> recorded.part.contains("OutputAudio"));
    }
}
