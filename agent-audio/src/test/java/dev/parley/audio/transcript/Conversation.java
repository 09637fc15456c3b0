package dev.parley.audio.transcript;

import dev.parley.audio.AudioLink;
import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.audio.FakeSession;
import dev.parley.audio.Pcm;
import dev.parley.audio.PcmFormat;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session with a transcript, and short words for what a server sends. */
final class Conversation {
    final FakeSession session = new FakeSession(24_000);
    final Transcript transcript;

    private Conversation(TranscriptMemory memory, boolean played) {
        session.parts.add(memory.open(session));
        if (played) {
            PcmFormat format = new PcmFormat(24_000);
            AudioSource nobody = AudioSource.of(format, ByteBuffer.allocate(0));
            session.parts.add(AudioLink.between(nobody, AudioSink.inMemory(format, session.clock))
                    .open(session));
        }
        session.state(SessionState.READY);
        transcript = session.part(Transcript.class);
    }

    static Conversation played() {
        return new Conversation(TranscriptMemory.inMemory(), true);
    }

    static Conversation played(TranscriptStore store) {
        return new Conversation(TranscriptMemory.to(store), true);
    }

    static Conversation unplayed() {
        return new Conversation(TranscriptMemory.inMemory(), false);
    }

    static Conversation unplayed(TranscriptStore store) {
        return new Conversation(TranscriptMemory.to(store), false);
    }

    Conversation after(long millis) {
        session.clock.advanceMillis(millis);
        return this;
    }

    Conversation speaks(@Nullable String itemId) {
        session.event(new ServerEvent.SpeechStarted(itemId, null));
        return this;
    }

    Conversation pauses(@Nullable String itemId) {
        session.event(new ServerEvent.SpeechStopped(itemId, null));
        return this;
    }

    Conversation words(@Nullable String itemId, String words) {
        session.event(new ServerEvent.InputTranscript(itemId, words));
        return this;
    }

    Conversation item(@Nullable String itemId, String role, String words) {
        session.event(new ServerEvent.ItemCreated(
                new ServerEvent.Item(itemId, "message", role, null, words, null, null, null)));
        return this;
    }

    Conversation begins(@Nullable String responseId) {
        session.event(new ServerEvent.ResponseCreated(responseId));
        return this;
    }

    Conversation text(@Nullable String responseId, @Nullable String itemId, String delta) {
        session.event(new ServerEvent.OutputTranscript(responseId, itemId, delta));
        return this;
    }

    Conversation writes(@Nullable String responseId, @Nullable String itemId, String delta) {
        session.event(new ServerEvent.OutputText(responseId, itemId, delta));
        return this;
    }

    Conversation beginsBeside(String responseId) {
        session.event(new ServerEvent.ResponseCreated(responseId, true));
        return this;
    }

    Conversation sound(@Nullable String responseId, @Nullable String itemId, int millis) {
        session.event(new ServerEvent.OutputAudio(responseId, itemId, Pcm.constant(1, millis * 24)));
        return this;
    }

    Conversation ends(@Nullable String responseId, String status) {
        session.event(new ServerEvent.ResponseDone(responseId, status, List.of()));
        return this;
    }

    Conversation bargesIn(@Nullable String responseId, @Nullable String itemId) {
        session.interrupt(responseId, itemId);
        return speaks(null);
    }

    Conversation calls(String callId, String name, String arguments) {
        session.event(new ServerEvent.FunctionCallArguments("r", null, callId, name, arguments));
        return this;
    }

    Conversation returns(String callId, String name, String arguments, String output, long millis) {
        return returns(new ToolRequest(callId, name, arguments, "r"), output, millis);
    }

    Conversation returns(ToolRequest request, String output, long millis) {
        session.report(new ToolOutcome(request, true, null, output, Duration.ofMillis(millis)));
        return this;
    }

    Conversation loses() {
        session.state(SessionState.RECONNECTING);
        return this;
    }

    Conversation isBack() {
        session.state(SessionState.READY);
        return this;
    }

    /** The session tells its server what a caller said before, or says now. */
    Conversation sends(String words) {
        session.parts.forEach(part -> part.onClientEvent(new ClientEvent.Message("user", words, null)));
        return this;
    }

    List<String> told() {
        return transcript.all().stream().map(Conversation::line).toList();
    }

    static String line(TranscriptEntry entry) {
        if (entry instanceof Turn turn) {
            return turn.role()
                    + (turn.interrupted() ? " (interrupted): " : ": ")
                    + turn.text()
                    + (turn.unheard() == null ? "" : " | " + turn.unheard());
        }
        ToolEntry tool = (ToolEntry) entry;
        return "TOOL: " + tool.name() + " " + tool.arguments() + " " + tool.output() + " " + tool.ok();
    }
}
