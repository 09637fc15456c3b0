package dev.parley.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A turn of the caller and what the server does about it. Immutable; each method gives a new turn.
 *
 * @param hear the transcript that the server sends of the caller's words
 * @param audio what the caller must have sent, sample for sample, or null where any speech will do
 * @param transcript when the transcript comes, where the server transcribes beside the reply (OpenAI); null to have turns
 *     take it before and during the reply by turns
 * @param steps what follows, in order
 */
public record Turn(
        String hear, @Nullable Recording audio, @Nullable TranscriptTiming transcript, List<Step> steps) {
    public Turn {
        Objects.requireNonNull(hear);
        steps = List.copyOf(steps);
    }

    /** A turn whose transcript comes when the server likes. */
    public Turn(String hear, @Nullable Recording audio, List<Step> steps) {
        this(hear, audio, null, steps);
    }

    /** A turn in which the server hears this, whatever the speech that it gets. */
    public static Turn hear(String text) {
        return new Turn(text, null, List.of());
    }

    /** The caller's audio must be this recording, sample for sample. */
    public Turn spokenAs(Recording recording) {
        return new Turn(hear, Objects.requireNonNull(recording), transcript, steps);
    }

    /** Its transcript comes then, where the server transcribes beside the reply (OpenAI). */
    public Turn transcribed(TranscriptTiming timing) {
        return new Turn(hear, audio, Objects.requireNonNull(timing), steps);
    }

    /**
     * When its transcript comes.
     *
     * @param number which turn of the script it is, from one: odd ones come before the reply unless said, even ones during it
     */
    public TranscriptTiming transcriptTiming(int number) {
        if (transcript != null) {
            return transcript;
        }
        return number % 2 == 1 ? TranscriptTiming.BEFORE_REPLY : TranscriptTiming.DURING_REPLY;
    }

    /** Next, one response with these tool calls. */
    public Turn calls(Call... calls) {
        return then(Calls.of(calls));
    }

    /** Next, a spoken reply. */
    public Turn says(String text) {
        return then(Speech.of(text));
    }

    /** Next, a spoken reply. */
    public Turn says(Speech speech) {
        return then(speech);
    }

    /** Next, a message exactly as written. */
    public Turn sends(String message) {
        return then(new RawMessage(message));
    }

    /** Next, some thinking. */
    public Turn pauses(Duration length) {
        return then(new Pause(length));
    }

    /** Last, the end of the connection; the next turn comes on the next one. */
    public Turn hangsUp(int closeCode) {
        return then(HangUp.withCode(closeCode));
    }

    /** Next, any step. */
    public Turn then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(Objects.requireNonNull(step));
        return new Turn(hear, audio, transcript, longer);
    }
}
