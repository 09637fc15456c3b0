package dev.parley.reliability;

import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.testkit.Recording;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody who asks for a booking, hears that it is made, and asks again, as long as the session lasts. Their voice comes in
 * frames of 100 ms, in real time; who hears nothing for a while asks again.
 */
final class SoakCaller implements SessionExtension, SessionPart {
    static final Duration FRAME = Duration.ofMillis(100);

    /** As long as a line of the conversation that a next server is told, so that there soon is as much as it is ever told. */
    private static final String OUTPUT = "{\"ok\":true,\"result\":\"" + "10:30 ".repeat(700) + "\"}";

    private static final int SPEAKING = 4;
    private static final int PATIENCE = 60;
    private static final ByteBuffer SOUND = Recording.tone(FRAME).pcm16().asReadOnlyBuffer();
    private static final ByteBuffer SILENCE = Recording.silence(FRAME).pcm16().asReadOnlyBuffer();

    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger replies = new AtomicInteger();

    /** Of the loop. */
    private boolean sounded;

    /** How many frames since they began to speak. */
    private final AtomicInteger frame = new AtomicInteger();

    private volatile SessionHandle handle;

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
        calls.incrementAndGet();
        handle.answer(request, OUTPUT);
    }

    /** Says, or does not say, another 100 ms. */
    void sayOn(VoiceSession session) {
        int now = frame.getAndUpdate(each -> each >= PATIENCE ? 0 : each + 1);
        session.appendAudio((now < SPEAKING ? SOUND : SILENCE).duplicate());
    }

    @Override
    public void onState(SessionState state) {
        if (state == SessionState.READY) {
            // whoever was cut off waits a little, in case an answer comes
            frame.set(PATIENCE - 2 * SPEAKING);
        }
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.OutputAudio) {
            sounded = true;
        } else if (event instanceof ServerEvent.ResponseDone done) {
            if (sounded && !done.cancelled()) {
                replies.incrementAndGet();
                frame.set(0);
            }
            sounded = false;
        }
    }
}
