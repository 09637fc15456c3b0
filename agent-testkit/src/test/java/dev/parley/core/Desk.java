package dev.parley.core;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A part with two tools that answers as it was told, and hears what the agent says. */
final class Desk implements SessionExtension, SessionPart, SessionListener {
    final List<ToolRequest> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger repeated = new AtomicInteger();
    final List<Problem> problems = new CopyOnWriteArrayList<>();
    final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
    final List<ServerEvent> events = new CopyOnWriteArrayList<>();
    final List<CloseReason> losses = new CopyOnWriteArrayList<>();
    final List<CloseReason> ends = new CopyOnWriteArrayList<>();
    final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile @Nullable SessionHandle handle;

    Desk answers(String tool, String output) {
        answers.put(tool, output);
        return this;
    }

    @Override
    public SessionPart open(SessionHandle session) {
        handle = session;
        return this;
    }

    @Override
    public List<ToolDefinition> tools() {
        String schema = "{\"type\":\"object\",\"properties\":{}}";
        return List.of(new ToolDefinition("check", "Checks.", schema), new ToolDefinition("book", "Books.", schema));
    }

    @Override
    public void onToolRequest(ToolRequest request) {
        if (requests.stream()
                .anyMatch(
                        each -> each.callId().equals(request.callId()) && each.connection() == request.connection())) {
            // the ledger is the part's: a server that repeats a call still gets one output; ids begin anew with a
            // connection
            repeated.incrementAndGet();
            return;
        }
        requests.add(request);
        String output = answers.get(request.name());
        if (output != null) {
            handle.answer(request, output);
        }
    }

    void answer(String callId, String output) {
        SessionHandle open = handle;
        if (open != null) {
            ToolRequest asked = requests.stream()
                    .filter(request -> request.callId().equals(callId))
                    .findFirst()
                    .orElseThrow();
            open.answer(asked, output);
        }
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        events.add(event);
        if (event instanceof ServerEvent.OutputAudio delta) {
            ByteBuffer audio = delta.audio();
            byte[] bytes = new byte[audio.remaining()];
            audio.get(bytes);
            synchronized (heard) {
                heard.writeBytes(bytes);
            }
        } else if (event instanceof ServerEvent.OutputTranscript delta) {
            said.add(delta.delta());
        }
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        interruptions.add(interruption);
    }

    @Override
    public void onProblem(VoiceSession session, Problem problem) {
        problems.add(problem);
    }

    @Override
    public void onReconnecting(VoiceSession session, Reconnecting attempt) {
        losses.add(attempt.cause());
    }

    @Override
    public void onClosed(VoiceSession session, CloseReason reason) {
        ends.add(reason);
    }

    String said() {
        return String.join("", said);
    }

    byte[] heard() {
        synchronized (heard) {
            return heard.toByteArray();
        }
    }
}
