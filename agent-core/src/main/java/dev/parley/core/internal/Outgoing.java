package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.provider.Dialect;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import okio.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Whatever leaves a session: the parts are told of it, it is written in the provider's dialect, and the {@link Outbox} sends
 * it when it may. On the loop, but for audio, which any thread may offer.
 */
final class Outgoing implements ResponseGate.Out {
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int LANE_SECONDS = 16;
    private static final int SECONDS_KEPT_BEFORE_READY = 5;

    /** Bytes of an output's event beside the output itself: no call id is as long. */
    private static final int ROUND_AN_OUTPUT = 4096;

    private static final String TOO_LONG = """
            {"ok":false,"error":{"code":"too_large","message":"the tool has run, and its result is too long to be sent: %d bytes, \
            of at most %d. Do not call it again for the same; ask for less"}}""";

    private final Lifecycle life;
    private final Audience audience;
    private final ClientEventJson json;
    private final Outbox outbox;

    Outgoing(Dialect dialect, Clock clock, Executor loop, Lifecycle life, Audience audience) {
        this.life = life;
        this.audience = audience;
        this.json = new ClientEventJson(dialect);
        long bytesPerSecond = (long) dialect.sampleRate() * BYTES_PER_SAMPLE;
        this.outbox =
                new Outbox(clock, loop, LANE_SECONDS * bytesPerSecond, SECONDS_KEPT_BEFORE_READY * bytesPerSecond);
    }

    /**
     * Refuses what no socket takes, before the session is at stake: OkHttp closes a WebSocket whose queue passes 16 MiB, and
     * up to half of that may wait already. From any thread.
     *
     * @throws IllegalArgumentException if the event is too long
     */
    void checkSize(ClientEvent event) {
        long bytes = size(event);
        if (bytes > Outbox.LONGEST_CONTROL) {
            String what = event instanceof ClientEvent.SessionUpdate ? "the instructions and tools" : "the message";
            throw new IllegalArgumentException(what + " cannot be sent: as JSON, that is " + bytes
                    + " bytes, and one message may" + " have " + Outbox.LONGEST_CONTROL + ". Shorten the text");
        }
    }

    private long size(ClientEvent event) {
        return Utf8.size(json.of(event));
    }

    /**
     * A tool's output, or where no socket takes it the error that says so: its call still gets its one output.
     *
     * @param onTooLong told how many bytes it has as JSON, if it is too long
     */
    String sendable(ToolRequest request, String output, LongConsumer onTooLong) {
        // A letter takes six bytes at most.
        if (output.length() < Outbox.LONGEST_CONTROL / 6 - ROUND_AN_OUTPUT) {
            return output;
        }
        long bytes = size(new ClientEvent.ToolOutput(request.callId(), output));
        if (bytes <= Outbox.LONGEST_CONTROL) {
            return output;
        }
        onTooLong.accept(bytes);
        return TOO_LONG.formatted(bytes, Outbox.LONGEST_CONTROL);
    }

    boolean offerAudio(ByteBuffer pcm16) {
        return outbox.offerAudio(pcm16);
    }

    void send(ClientEvent event) {
        send(event, null);
    }

    /** As {@link #send(ClientEvent)}, for what is about no connection in particular: while there is none, it waits for one. */
    void sendOnceReady(ClientEvent event) {
        if (life.isClosed() || life.isHangingUp()) {
            return;
        }
        audience.leaving(event);
        outbox.sendOnceReady(json.of(event));
    }

    @Override
    public void send(ClientEvent event, @Nullable String eventId) {
        if (life.isClosed() || life.isHangingUp()) {
            return;
        }
        audience.leaving(event);
        outbox.sendControl(json.of(event, eventId));
    }

    /**
     * Sends an event behind the audio that came before it, because it is about that audio. From any thread.
     *
     * @param whenSent told on the loop how many bytes of PCM of the caller's turn were sent
     */
    void sendAfterAudio(ClientEvent event, @Nullable String eventId, LongConsumer whenSent) {
        outbox.sendAfterAudio(json.of(event, eventId), sent -> {
            audience.leaving(event);
            whenSent.accept(sent);
        });
    }

    /** Takes back what the caller said since their last turn. From any thread. */
    void sendTakingBack(ClientEvent event, Runnable whenSent) {
        outbox.sendTakingBack(json.of(event), () -> {
            audience.leaving(event);
            whenSent.run();
        });
    }

    /** Whether the server has audio, of late, that was neither committed nor taken back. */
    boolean hasUnendedAudio() {
        return outbox.hasUnendedAudio(CallerTurn.LONGEST_UNANSWERED);
    }

    /** The socket is open: the configuration goes out, and nothing else before the server confirms it. */
    void configure(Outbox.Wire wire, ClientEvent.SessionUpdate configuration) {
        audience.leaving(configuration);
        outbox.open(wire, json.first(configuration));
    }

    /** The server is configured: first it is told of the conversation so far, then comes what was kept. */
    void flow(List<ClientEvent.Message> conversation) {
        conversation.forEach(audience::leaving);
        outbox.flow(conversation.stream().map(json::of).toList());
    }

    /** The connection is gone. */
    void detach() {
        outbox.detach();
    }

    void close() {
        outbox.close();
    }

    /** For the counters. */
    Outbox outbox() {
        return outbox;
    }
}
