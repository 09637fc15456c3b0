package dev.parley.audio.transcript;

import dev.parley.audio.Playback;
import dev.parley.audio.internal.ReplyIds;
import dev.parley.core.CloseReason;
import dev.parley.core.History;
import dev.parley.core.Interruption;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts one session's conversation together from its events.
 *
 * <p>Each thing gets its position when it begins: a caller's turn when speech starts, a reply when it is created, a tool call
 * when it is asked for. It becomes an entry when it is complete: a reply when it is done and heard, or done and cut. Where
 * nobody plays and tells of it, being done is enough. Loop-confined, but for the readings.
 */
final class TranscriptPart implements SessionPart, Transcript {
    private static final int REPLIES_REMEMBERED = 64;

    private final SessionHandle handle;
    private final EntryLog entries;
    private final ReplyIds ids = new ReplyIds();
    private final CallerSpeech speech;
    private final List<Reply> open = new ArrayList<>();
    private final Map<String, Long> toolPositions = new LinkedHashMap<>();
    private final Set<String> complete = new LinkedHashSet<>();
    private boolean anyCreated;
    private boolean playedByAnyone;

    TranscriptPart(SessionHandle handle, @Nullable TranscriptStore store, List<TranscriptEntry> earlier) {
        this.handle = handle;
        this.entries = new EntryLog(handle, store, earlier);
        this.speech = new CallerSpeech(entries::nextPosition);
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        ids.onServerEvent(event);
        Instant now = handle.clock().instant();
        if (event instanceof ServerEvent.OutputAudio audio) {
            String item = ids.item(audio.responseId(), audio.itemId());
            Reply reply = reply(audio.responseId(), now);
            if (reply != null) {
                reply.audio(item, audio.audio().remaining(), now);
            }
        } else if (event instanceof ServerEvent.OutputTranscript text) {
            Reply reply = reply(text.responseId(), now);
            if (reply != null) {
                reply.text(ids.item(text.responseId(), text.itemId()), text.delta());
            }
        } else if (event instanceof ServerEvent.SpeechStarted started) {
            speech.started(started.itemId(), now);
        } else if (event instanceof ServerEvent.SpeechStopped stopped) {
            speech.stopped(stopped.itemId(), now);
        } else if (event instanceof ServerEvent.InputTranscript words) {
            entries.add(speech.transcribed(words.itemId(), words.transcript(), now));
        } else if (event instanceof ServerEvent.ItemCreated created) {
            entries.add(speech.item(created.item(), now));
        } else if (event instanceof ServerEvent.ResponseCreated created) {
            speech.answered();
            begin(created.responseId(), now);
        } else if (event instanceof ServerEvent.FunctionCallArguments call) {
            reserveTool(call.callId());
        } else if (event instanceof ServerEvent.OutputItem output
                && output.item().isFunctionCall()) {
            reserveTool(output.item().callId());
        } else if (event instanceof ServerEvent.ResponseDone done) {
            Reply reply = find(done.responseId());
            if (reply != null) {
                reply.done(done.cancelled());
                settle();
            }
        }
    }

    @Override
    public void onPlayedUpTo(String itemId, Duration heard) {
        playedByAnyone = true;
        Instant now = handle.clock().instant();
        for (Reply reply : open) {
            if (reply.heard(itemId, heard, now)) {
                settle();
                return;
            }
        }
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        Instant now = handle.clock().instant();
        open.forEach(reply -> reply.cut(now));
        settle();
    }

    @Override
    public void onToolOutcome(ToolOutcome outcome) {
        Instant now = handle.clock().instant();
        Long reserved = toolPositions.remove(outcome.request().callId());
        entries.add(new ToolEntry(
                reserved != null ? reserved : entries.nextPosition(),
                outcome.request().name(),
                outcome.request().argumentsJson(),
                outcome.output(),
                outcome.ok(),
                now.minus(outcome.took()),
                now));
    }

    @Override
    public void onClosed(CloseReason reason) {
        Instant now = handle.clock().instant();
        for (Reply reply : open) {
            if (!reply.isDone() || (played() && !reply.allHeard())) {
                reply.cut(now);
            }
            entries.add(reply.turn(played(), now));
        }
        open.clear();
    }

    private void begin(@Nullable String responseId, Instant now) {
        // a server may leave a reply's end untold: the next reply's beginning is as good
        open.forEach(reply -> reply.done(false));
        settle();
        open.add(new Reply(responseId, entries.nextPosition(), handle.sampleRate() * 2, now));
        anyCreated = true;
    }

    /** The reply that something belongs to; null if that reply is complete, so that this comes too late. */
    private @Nullable Reply reply(@Nullable String responseId, Instant now) {
        Reply known = find(responseId);
        if (known != null || (responseId == null ? anyCreated : complete.contains(responseId))) {
            return known;
        }
        Reply reply = new Reply(responseId, entries.nextPosition(), handle.sampleRate() * 2, now);
        open.add(reply);
        return reply;
    }

    /** The open reply with an id; without one, the newest. */
    private @Nullable Reply find(@Nullable String responseId) {
        for (int i = open.size() - 1; i >= 0; i--) {
            Reply reply = open.get(i);
            if (responseId == null || reply.responseId == null || responseId.equals(reply.responseId)) {
                return reply;
            }
        }
        return null;
    }

    /** Turns replies that are complete into entries. */
    private void settle() {
        Instant now = handle.clock().instant();
        for (Iterator<Reply> each = open.iterator(); each.hasNext(); ) {
            Reply reply = each.next();
            if (reply.isDone() && (reply.isCut() || reply.allHeard() || nothingPlays())) {
                each.remove();
                entries.add(reply.turn(played(), now));
                remember(reply.responseId);
            }
        }
    }

    private void remember(@Nullable String responseId) {
        if (responseId != null && complete.add(responseId) && complete.size() > REPLIES_REMEMBERED) {
            complete.remove(complete.iterator().next());
        }
    }

    private void reserveTool(@Nullable String callId) {
        if (callId != null) {
            toolPositions.computeIfAbsent(callId, id -> entries.nextPosition());
        }
    }

    /** Whether somebody plays the agent's voice and tells how far. */
    private boolean played() {
        return playedByAnyone || playback() != null;
    }

    private boolean nothingPlays() {
        Playback playback = playback();
        return playback != null ? !playback.playing() : !playedByAnyone;
    }

    private @Nullable Playback playback() {
        try {
            return handle.session().part(Playback.class);
        } catch (NoSuchElementException e) {
            return null;
        }
    }

    @Override
    public String conversationId() {
        return handle.session().conversationId();
    }

    @Override
    public Instant startedAt() {
        // captions count from here, and must be in step with the recording
        Playback playback = playback();
        return playback != null ? playback.startedAt() : entries.startedAt();
    }

    @Override
    public List<TranscriptEntry> all() {
        return entries.all();
    }

    @Override
    public List<Turn> turns() {
        return entries.all().stream()
                .filter(Turn.class::isInstance)
                .map(Turn.class::cast)
                .toList();
    }

    @Override
    public List<History.Entry> entries() {
        return Spoken.history(entries.all());
    }

    @Override
    public void onEntry(Consumer<TranscriptEntry> listener) {
        entries.listen(listener);
    }

    @Override
    public CompletionStage<Void> saved() {
        return entries.saved();
    }
}
