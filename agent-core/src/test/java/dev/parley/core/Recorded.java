package dev.parley.core;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a listener and a part are told, in order, as short lines. */
final class Recorded implements SessionListener, SessionExtension, SessionPart {
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<String> part = new CopyOnWriteArrayList<>();
    final List<String> causes = new CopyOnWriteArrayList<>();
    final List<Problem> problems = new CopyOnWriteArrayList<>();
    final List<ToolRequest> requests = new CopyOnWriteArrayList<>();
    final List<ServerEvent> events = new CopyOnWriteArrayList<>();
    volatile List<ToolDefinition> tools = List.of();
    volatile boolean playing;
    volatile Runnable onSilence = () -> {};
    volatile SessionHandle handle;

    @Override
    public SessionPart open(SessionHandle session) {
        handle = session;
        return this;
    }

    /** Answers the call that came last with this id. */
    void answer(String callId, String output) {
        handle.answer(call(callId), output);
    }

    ToolRequest call(String callId) {
        return requests.stream()
                .filter(request -> request.callId().equals(callId))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Override
    public List<ToolDefinition> tools() {
        return tools;
    }

    @Override
    public void onState(SessionState state) {
        part.add("state " + state);
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        part.add(event.getClass().getSimpleName());
        events.add(event);
    }

    @Override
    public void onClientEvent(ClientEvent event) {
        part.add("> " + event.getClass().getSimpleName());
    }

    @Override
    public void onToolRequest(ToolRequest request) {
        part.add("request " + request.name());
        requests.add(request);
    }

    @Override
    public void onToolOutcome(ToolOutcome outcome) {
        part.add("outcome " + outcome.request().name() + " " + outcome.request().argumentsJson());
    }

    @Override
    public boolean silence(Interruption.Cause cause) {
        part.add("silence " + cause);
        onSilence.run();
        boolean was = playing;
        playing = false;
        return was;
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        part.add("interrupted " + interruption);
    }

    @Override
    public void onPlayedUpTo(String itemId, Duration heard) {
        part.add("played " + itemId + " " + heard.toMillis());
    }

    @Override
    public void onClosed(CloseReason reason) {
        part.add("closed " + reason.code());
    }

    @Override
    public void onState(VoiceSession session, SessionState state) {
        told.add("state " + state);
    }

    @Override
    public void onEvent(VoiceSession session, ServerEvent event) {
        told.add(event.getClass().getSimpleName());
    }

    @Override
    public void onToolRequest(VoiceSession session, ToolRequest request) {
        told.add("request " + request.name() + " " + request.argumentsJson());
    }

    @Override
    public void onReconnecting(VoiceSession session, Reconnecting attempt) {
        causes.add(attempt.cause().message());
        told.add("reconnecting " + attempt.attempt() + " after "
                + attempt.delay().toMillis() + " ms: " + attempt.cause().code());
    }

    @Override
    public void onToolProgress(VoiceSession session, ToolProgress progress) {
        told.add("progress " + progress.request().name() + " " + progress.text());
    }

    @Override
    public void onTransfer(VoiceSession session, String target) {
        told.add("transfer " + target);
    }

    @Override
    public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
        told.add("outcome " + outcome.request().name() + " " + outcome.request().argumentsJson());
    }

    @Override
    public void onInterrupted(VoiceSession session, Interruption interruption) {
        told.add("interrupted " + interruption.cause());
    }

    @Override
    public void onProblem(VoiceSession session, Problem problem) {
        problems.add(problem);
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        told.add("closed " + reason.kind() + " " + reason.code());
    }
}
