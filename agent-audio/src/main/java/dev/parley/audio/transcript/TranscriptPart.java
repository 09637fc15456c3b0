package dev.parley.audio.transcript;

import dev.parley.audio.Playback;
import dev.parley.audio.internal.ReplyIds;
import dev.parley.core.CloseReason;
import dev.parley.core.History;
import dev.parley.core.Interruption;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
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
    /** Calls of which nobody has told an outcome yet; some applications answer by themselves, and tell nobody. */
    private static final int CALLS_REMEMBERED = 256;

    private final SessionHandle handle;
    private final EntryLog entries;
    private final ReplyIds ids = new ReplyIds();
    private final CallerSpeech speech;
    private final List<Reply> open = new ArrayList<>();
    private final Map<String, Long> toolPositions = new LinkedHashMap<>();
    /** Those of calls over the connection before, which may still end. */
    private final Map<String, Long> formerToolPositions = new LinkedHashMap<>();

    private final Set<String> complete = new LinkedHashSet<>();
    private boolean anyCreated;
    /** Until the next reply begins, whatever comes under whichever id is of the one that was cut before it was named. */
    private boolean unnamedWasCut;

    private boolean playedByAnyone;
    private boolean ready;
    private boolean everReady;

    TranscriptPart(SessionHandle handle, @Nullable TranscriptStore store, Past past) {
        this.handle = handle;
        this.entries = new EntryLog(handle, store, past);
        this.speech = new CallerSpeech(entries::nextPosition);
    }

    /**
     * The next connection's server knows nothing of this one's turns, and may use their ids again. A reply that was under way ends
     * as interrupted, once what was received of it has been heard.
     */
    @Override
    public void onState(SessionState state) {
        if (state == SessionState.READY) {
            ready = true;
            everReady = true;
        } else if (state == SessionState.RECONNECTING) {
            ready = false;
            ids.onConnectionLost();
            speech.connectionLost();
            complete.clear();
            unnamedWasCut = false;
            if (!toolPositions.isEmpty()) {
                formerToolPositions.clear();
                formerToolPositions.putAll(toolPositions);
                toolPositions.clear();
            }
            open.forEach(Reply::connectionLost);
            settle();
        }
    }

    /** Between the opening of a connection and its being ready its server is told what was said before. */
    @Override
    public void onClientEvent(ClientEvent event) {
        if (!ready
                && event instanceof ClientEvent.Message message
                && "user".equals(message.role())
                && (!everReady || wasSaid(message.text()))) {
            speech.carriedOver(message.text());
        }
    }

    /** What the caller wrote while there was no connection is told with the rest, and is new. */
    private boolean wasSaid(String words) {
        return entries.hasTurn(words);
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
        } else if (event instanceof ServerEvent.OutputText text) {
            Reply reply = reply(text.responseId(), now);
            // beside the conversation, text is for the application and not for the caller
            if (reply != null && !reply.isOutOfBand()) {
                reply.written(ids.item(text.responseId(), text.itemId()), text.delta());
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
            begin(created, now);
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
        if (heardOf(itemId, false, heard, now) || heardOf(itemId, true, heard, now)) {
            settle();
        }
    }

    private boolean heardOf(String itemId, boolean formerly, Duration heard, Instant now) {
        for (Reply reply : open) {
            if (reply.heard(itemId, formerly, heard, now)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        Instant now = handle.clock().instant();
        for (int i = 0; i < open.size(); i++) {
            Reply reply = open.get(i);
            if (i < open.size() - 1 && played() && reply.playedOut()) {
                reply.done(false);
            } else {
                reply.cut(now);
            }
        }
        settle();
    }

    @Override
    public void onToolOutcome(ToolOutcome outcome) {
        Instant now = handle.clock().instant();
        Long reserved = reservedFor(outcome.request());
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
        entries.close();
    }

    private void begin(ServerEvent.ResponseCreated created, Instant now) {
        if (!created.outOfBand()) {
            speech.answered();
            String id = created.responseId();
            Reply begun = find(id);
            if (id != null && begun != null && id.equals(begun.responseId()) && !begun.isDone()) {
                // told after its first piece
                return;
            }
            // a server may leave a reply's end untold: the next reply's beginning is as good
            open.stream().filter(reply -> !reply.isOutOfBand()).forEach(reply -> reply.done(false));
            settle();
        }
        open.add(newReply(created.responseId(), created.outOfBand(), now));
        anyCreated = true;
        unnamedWasCut = false;
    }

    /** A call's id says who it is within one connection only, and a call may end after its connection. */
    private @Nullable Long reservedFor(ToolRequest request) {
        // connections are counted by attempts: at least one each time
        boolean former = request.connection() < ids.connection();
        Long first = (former ? formerToolPositions : toolPositions).remove(request.callId());
        return first != null || former ? first : formerToolPositions.remove(request.callId());
    }

    /** The reply that something belongs to; null if that reply is complete, so that this comes too late. */
    private @Nullable Reply reply(@Nullable String responseId, Instant now) {
        Reply known = find(responseId);
        if (known != null) {
            known.belongsTo(responseId);
            return known;
        }
        if (responseId == null ? anyCreated : unnamedWasCut || complete.contains(responseId)) {
            return null;
        }
        Reply reply = newReply(responseId, false, now);
        open.add(reply);
        return reply;
    }

    private Reply newReply(@Nullable String responseId, boolean outOfBand, Instant now) {
        return new Reply(responseId, outOfBand, ids.connection(), entries.nextPosition(), handle.sampleRate() * 2, now);
    }

    /** The open reply with an id; without one, the newest. */
    private @Nullable Reply find(@Nullable String responseId) {
        for (int i = open.size() - 1; i >= 0; i--) {
            Reply reply = open.get(i);
            boolean named = responseId == null || reply.responseId() == null || responseId.equals(reply.responseId());
            if (named && !reply.isOfLostConnection()) {
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
                if (!reply.isOfLostConnection()) {
                    remember(reply.responseId());
                    unnamedWasCut |= reply.isCut() && reply.responseId() == null;
                }
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
            if (toolPositions.size() > CALLS_REMEMBERED) {
                toolPositions.remove(toolPositions.keySet().iterator().next());
            }
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
        return all().stream()
                .filter(Turn.class::isInstance)
                .map(Turn.class::cast)
                .toList();
    }

    @Override
    public List<History.Entry> entries() {
        return AsHistory.of(entries.all());
    }

    @Override
    public void onEntry(Consumer<TranscriptEntry> listener) {
        entries.listen(listener);
    }

    @Override
    public CompletionStage<Void> saved() {
        return entries.saved();
    }

    @Override
    public long unsaved() {
        return entries.unsaved();
    }
}
