package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.TranscriptTiming;
import java.util.ArrayDeque;
import java.util.Deque;

/** The transcripts of the caller's turns, which come beside the replies. Confined to the connection's monitor. */
final class OpenAiTranscripts {
    private static final int DELTA = 24;

    private record Due(OpenAiItems.Item item, String words, TranscriptTiming timing) {}

    private final OpenAiSession session;
    private final OpenAiEvents events;
    private final Wire wire;
    private final Deque<Due> due = new ArrayDeque<>();

    OpenAiTranscripts(OpenAiSession session, OpenAiEvents events, Wire wire) {
        this.session = session;
        this.events = events;
        this.wire = wire;
    }

    void onTurn(OpenAiItems.Item item, String words, TranscriptTiming timing) {
        if (session.transcribes()) {
            due.add(new Due(item, words, timing));
            sendUntil(TranscriptTiming.BEFORE_REPLY);
        }
    }

    void onFirstOutput() {
        sendUntil(TranscriptTiming.DURING_REPLY);
    }

    /** No later than now. */
    void flush() {
        sendUntil(TranscriptTiming.AFTER_REPLY);
    }

    boolean allSent() {
        return due.isEmpty();
    }

    private void sendUntil(TranscriptTiming reached) {
        for (Due each = due.peekFirst();
                each != null && each.timing().compareTo(reached) <= 0;
                each = due.peekFirst()) {
            due.removeFirst();
            send(each);
        }
    }

    private void send(Due transcript) {
        OpenAiItems.Item item = transcript.item();
        if (item.json().path("content").path(0) instanceof ObjectNode content) {
            content.put("transcript", transcript.words());
        }
        ObjectNode usage = Json.object();
        if (session.transcribesByDuration()) {
            usage.put("type", "duration").put("seconds", item.lengthMs() / 1_000.0);
            wire.send(events.transcriptDelta(item.id(), transcript.words()));
        } else {
            long in = OpenAiUsage.ofHeardAudio(item.lengthMs());
            long out = OpenAiUsage.ofText(transcript.words().length()).text();
            usage.put("type", "tokens").put("total_tokens", in + out).put("input_tokens", in);
            usage.putObject("input_token_details").put("text_tokens", 0).put("audio_tokens", in);
            usage.put("output_tokens", out);
            TextPieces.of(transcript.words(), DELTA)
                    .forEach(piece -> wire.send(events.transcriptDelta(item.id(), piece)));
        }
        wire.send(events.transcriptCompleted(item.id(), transcript.words(), usage));
    }
}
