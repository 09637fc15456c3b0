package dev.parley.audio;

import dev.parley.core.CloseReason;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A session that takes audio and does nothing with it, so that what leads to it can be measured alone. */
final class DeafSession implements VoiceSession {
    private long bytes;

    long bytes() {
        return bytes;
    }

    @Override
    public boolean appendAudio(ByteBuffer pcm16) {
        bytes += pcm16.remaining();
        return true;
    }

    @Override
    public String conversationId() {
        return "";
    }

    @Override
    public Map<String, Object> attributes() {
        return Map.of();
    }

    @Override
    public SessionState state() {
        return SessionState.READY;
    }

    @Override
    public void requestResponse() {}

    @Override
    public void requestResponse(ResponseOptions options) {}

    @Override
    public void commitAudio() {}

    @Override
    public void clearAudio() {}

    @Override
    public void sendText(String text) {}

    @Override
    public void interrupt() {}

    @Override
    public void playedUpTo(String itemId, Duration position) {}

    @Override
    public <T> T part(Class<T> type) {
        throw new NoSuchElementException();
    }

    @Override
    public void send(ClientEvent event) {}

    @Override
    public SessionCounters counters() {
        return new SessionCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean awaitClosed(Duration timeout) {
        return false;
    }

    @Override
    public @Nullable CloseReason closeReason() {
        return null;
    }

    @Override
    public void close() {}
}
