package dev.parley.reliability;

import dev.parley.core.CloseReason;
import dev.parley.core.Reconnecting;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sees what happens in one session, and has a tool whose answer waits for the test. */
final class Witness implements SessionExtension, SessionPart, SessionListener {
    /** What the tool answers. */
    static final String OUTPUT = "{\"ok\":true,\"result\":null}";

    final AtomicInteger spokenReplies = new AtomicInteger();
    final AtomicInteger audioPieces = new AtomicInteger();
    final AtomicInteger speechStarts = new AtomicInteger();
    final List<Reconnecting> losses = new CopyOnWriteArrayList<>();
    final List<ToolRequest> calls = new CopyOnWriteArrayList<>();
    final List<CloseReason> endsToldToListener = new CopyOnWriteArrayList<>();
    final List<CloseReason> endsToldToPart = new CopyOnWriteArrayList<>();

    /** Runs on the loop when the socket is open, before anything is sent. */
    volatile Runnable onConfiguring = () -> {};

    private volatile @Nullable SessionHandle handle;

    /** Of the loop: whether the reply that is being received has sounded. */
    private boolean sounded;

    @Override
    public SessionPart open(SessionHandle session) {
        handle = session;
        return this;
    }

    @Override
    public List<ToolDefinition> tools() {
        return List.of(new ToolDefinition("book", "Books.", "{\"type\":\"object\",\"properties\":{}}"));
    }

    @Override
    public void onToolRequest(ToolRequest request) {
        calls.add(request);
    }

    /** Answers every call so far. */
    void answerCalls() {
        SessionHandle open = handle;
        for (ToolRequest call : calls) {
            if (open != null) {
                open.answer(call, OUTPUT);
            }
        }
    }

    @Override
    public void onState(SessionState state) {
        if (state == SessionState.CONFIGURING) {
            onConfiguring.run();
        }
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.OutputAudio) {
            sounded = true;
            audioPieces.incrementAndGet();
        } else if (event instanceof ServerEvent.SpeechStarted) {
            speechStarts.incrementAndGet();
        } else if (event instanceof ServerEvent.ResponseDone done) {
            if (sounded && !done.cancelled()) {
                spokenReplies.incrementAndGet();
            }
            sounded = false;
        }
    }

    @Override
    public void onReconnecting(VoiceSession session, Reconnecting attempt) {
        losses.add(attempt);
    }

    @Override
    public void onClosed(CloseReason reason) {
        endsToldToPart.add(reason);
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        endsToldToListener.add(reason);
    }
}
