package dev.parley.core.internal;

import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The application's side of a session: it checks what it is given and hands it to the loop. */
final class RealVoiceSession implements VoiceSession {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    private final String conversationId;
    private final Map<String, Object> attributes;
    private final SessionLoop loop;

    /** Set once, before the session is handed out. */
    private volatile Parts parts = Parts.none();

    RealVoiceSession(String conversationId, Map<String, Object> attributes, SessionLoop loop) {
        this.conversationId = conversationId;
        this.attributes = attributes;
        this.loop = loop;
    }

    void opened(Parts all) {
        parts = all;
    }

    @Override
    public String conversationId() {
        return conversationId;
    }

    @Override
    public Map<String, Object> attributes() {
        return attributes;
    }

    @Override
    public SessionState state() {
        return loop.life().state();
    }

    @Override
    public boolean appendAudio(ByteBuffer pcm16) {
        return loop.appendAudio(pcm16);
    }

    @Override
    public void requestResponse() {
        loop.requestResponse(null);
    }

    @Override
    public void requestResponse(ResponseOptions options) {
        loop.requestResponse(Objects.requireNonNull(options));
    }

    @Override
    public void sendText(String text) {
        loop.sendText(Objects.requireNonNull(text));
    }

    @Override
    public void commitAudio() {
        loop.commitAudio(true);
    }

    @Override
    public void clearAudio() {
        loop.clearAudio();
    }

    @Override
    public void interrupt() {
        loop.interrupt(Interruption.Cause.REQUESTED);
    }

    @Override
    public void playedUpTo(String itemId, Duration heard) {
        if (heard.isNegative()) {
            throw new IllegalArgumentException("nobody has heard less than nothing: " + heard);
        }
        loop.playedUpTo(Objects.requireNonNull(itemId), TimeUnit.NANOSECONDS.convert(heard));
    }

    @Override
    public <T> T part(Class<T> type) {
        T part = parts.find(type);
        if (part == null
                && SessionExtension.class.isAssignableFrom(type)
                && !SessionPart.class.isAssignableFrom(type)) {
            throw new NoSuchElementException(type.getSimpleName()
                    + " is an extension: ask for the type of the part that it opens, not for its own, as for Transcript and"
                    + " not for TranscriptMemory");
        }
        if (part == null) {
            throw new NoSuchElementException("no extension of this session opened a " + type.getSimpleName()
                    + ": add one with VoiceAgent.builder().with(…) or agent.session().with(…)");
        }
        return part;
    }

    @Override
    public void send(ClientEvent event) {
        loop.sendFromOutside(Objects.requireNonNull(event));
    }

    @Override
    public SessionCounters counters() {
        return loop.counters();
    }

    @Override
    public boolean awaitClosed(Duration timeout) {
        try {
            loop.life().whenEnded().get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a session's end cannot fail", e);
        }
    }

    @Override
    public @Nullable CloseReason closeReason() {
        return loop.life().closeReason();
    }

    @Override
    public void close() {
        loop.hangUp();
        if (!loop.isOwnThread()
                && !parts.waitFor(Thread.currentThread())
                && !awaitClosed(LONGEST_CLOSE)
                && !Thread.currentThread().isInterrupted()) {
            loop.giveUp();
        }
    }

    /** Shows no words and no attributes. */
    @Override
    public String toString() {
        return "VoiceSession[" + conversationId + ", " + state() + "]";
    }
}
