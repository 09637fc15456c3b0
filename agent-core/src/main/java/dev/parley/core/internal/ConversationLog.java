package dev.parley.core.internal;

import dev.parley.core.History;
import dev.parley.core.History.Entry;
import dev.parley.core.History.Speaker;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said and done so far, kept for a connection that replaces another: its server knows nothing. A caller's words stand
 * where they began to speak, though their transcript comes later; a reply that was cut keeps the share that was heard.
 *
 * <p>The latest {@value #MOST_LINES} things are kept, of each the first {@value #MOST_CHARS} characters, and no more of them than
 * a server is told. Confined to the loop.
 */
final class ConversationLog {
    private static final int MOST_LINES = 400;

    /** So that what one tool answers leaves room for the talk around it. */
    private static final int MOST_CHARS = 4_000;

    /** A tool's name and arguments leave room for its output. */
    private static final int MOST_CALL_CHARS = 2_000;

    private final List<Entry> earlier;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();

    /** The kept lines of calls: every call asks for its own, while others wait for its answer. */
    private final Map<Call, Line> calls = new HashMap<>();

    /** The latest of the kept lines of the agent's under each id, which every piece of a reply asks for. */
    private final Map<String, Line> replies = new HashMap<>();

    private int openCalls;

    /** Characters in all kept lines. */
    private long kept;

    /** Whether words without an id belong to a reply that has none yet. */
    private boolean replyBegins;

    /** Whether words without an id belong to a reply that was cut. */
    private boolean replyIsCut;

    private final class Line {
        final Speaker speaker;
        final @Nullable String id;
        final StringBuilder text = new StringBuilder();

        /** How many characters there were, kept or not. */
        long chars;

        /** Whether what still comes was not heard. */
        boolean cut;

        /** Whether nobody expects a reply to it. */
        boolean asksNothing;

        /** For a tool call. */
        @Nullable
        ToolRequest call;

        /** Whether the call's output is still waited for. */
        boolean open;

        /** Whether the call's output was told as unknown. */
        boolean givenUp;

        /** How many characters name the call; its output follows. */
        int callChars;

        Line(Speaker speaker, @Nullable String id) {
            this.speaker = speaker;
            this.id = id;
        }

        void append(String words) {
            boolean full = chars > text.length();
            chars += words.length();
            if (!full) {
                int before = text.length();
                text.append(Instructions.beginning(words, MOST_CHARS - before));
                kept += text.length() - before;
            }
        }

        void shorten(int length) {
            kept -= text.length() - length;
            text.setLength(length);
            chars = length;
        }

        void outcome(String output) {
            shorten(callChars);
            givenUp = false;
            append(" -> " + output);
            if (call != null) {
                // they may be as long as a message, and a late outcome is told with their beginning
                call = new ToolRequest(
                        call.callId(),
                        call.name(),
                        Instructions.beginning(call.argumentsJson(), MOST_CALL_CHARS),
                        call.responseId(),
                        call.connection());
            }
        }
    }

    /** Call ids are the server's, and each connection has its own. */
    private record Call(String id, int connection) {
        static Call of(ToolRequest request) {
            return new Call(request.callId(), request.connection());
        }
    }

    /** What a tool's output was to the conversation. */
    enum Answer {
        /** It was waited for. */
        EXPECTED,
        /** The call had its output already. */
        REPEATED,
        /** The call's outcome had been given up as unknown. */
        LATE
    }

    ConversationLog(@Nullable History earlier) {
        this.earlier = earlier == null ? List.of() : List.copyOf(earlier.entries());
    }

    void onEvent(ServerEvent event) {
        if (event instanceof ServerEvent.SpeechStarted speech) {
            Line last = lines.peekLast();
            if (last == null || last.speaker != Speaker.USER || last.text.length() > 0) {
                add(Speaker.USER, speech.itemId());
            }
        } else if (event instanceof ServerEvent.InputTranscript words) {
            lineOfCaller(words.itemId()).append(words.transcript().strip());
        } else if (event instanceof ServerEvent.ResponseCreated created) {
            replyBegins |= !created.outOfBand();
            replyIsCut &= created.outOfBand();
        } else if (event instanceof ServerEvent.OutputTranscript words) {
            onReply(words.responseId(), words.itemId(), words.delta());
        } else if (event instanceof ServerEvent.OutputText words) {
            onReply(words.responseId(), words.itemId(), words.delta());
        }
    }

    void onUserText(String text) {
        add(Speaker.USER, null).append(text);
    }

    /** Something was added to the conversation from outside. False for a role that nobody speaks in. */
    boolean onMessage(ClientEvent.Message message) {
        boolean byUser = "user".equals(message.role());
        if (!byUser && !"assistant".equals(message.role())) {
            return false;
        }
        // With an id, so that a reply's words without one are not taken for its.
        Line line = add(byUser ? Speaker.USER : Speaker.ASSISTANT, message.id() != null ? message.id() : "sent");
        line.asksNothing = true;
        line.append(message.text());
        return true;
    }

    /**
     * Of an item's words only the share that was heard was said, and what still comes of them was not.
     *
     * @param responseId by which servers that name no items may have told the words, or null
     */
    void onCut(String itemId, @Nullable String responseId, Duration heard, Duration received) {
        Line line = spoken(itemId, responseId);
        line.cut = true;
        replyIsCut = true;
        long share = received.isZero() ? 0 : (long) ((double) line.chars * heard.toNanos() / received.toNanos());
        line.shorten(line.text.offsetByCodePoints(
                0, line.text.codePointCount(0, (int) Math.min(share, line.text.length()))));
    }

    private Line spoken(String itemId, @Nullable String responseId) {
        for (Line line : latestFirst()) {
            boolean named = line.id != null && (line.id.equals(itemId) || line.id.equals(responseId));
            if (line.speaker == Speaker.ASSISTANT && (named || (line.id == null && !replyBegins))) {
                return line;
            }
        }
        return add(Speaker.ASSISTANT, itemId);
    }

    void onCall(ToolRequest request) {
        // A server that repeats a call still means the one.
        if (!calls.containsKey(Call.of(request))) {
            setOpen(lineOfCall(request), true);
        }
    }

    private Line lineOfCall(ToolRequest request) {
        Line line = add(Speaker.TOOL, request.callId());
        line.call = request;
        line.append(Instructions.beginning(request.name() + request.argumentsJson(), MOST_CALL_CHARS));
        line.callChars = line.text.length();
        calls.put(Call.of(request), line);
        return line;
    }

    /** The latest call of this id, whose output it must be that comes from outside. */
    @Nullable
    ToolRequest latestCall(String callId) {
        for (Line line : latestFirst()) {
            ToolRequest call = line.call;
            if (call != null && call.callId().equals(callId)) {
                return call;
            }
        }
        return null;
    }

    Answer onAnswer(ToolRequest request, String output) {
        Line line = calls.get(Call.of(request));
        if (line == null) {
            // So long ago that its line is gone.
            lineOfCall(request).outcome(output);
            return Answer.LATE;
        }
        Answer answer = line.open ? Answer.EXPECTED : line.givenUp ? Answer.LATE : Answer.REPEATED;
        if (answer != Answer.REPEATED) {
            setOpen(line, false);
            line.outcome(output);
        }
        return answer;
    }

    boolean hasOpenCalls() {
        return openCalls > 0;
    }

    private void setOpen(Line line, boolean open) {
        if (line.open != open) {
            line.open = open;
            openCalls += open ? 1 : -1;
        }
    }

    /** Calls that are still open are told as such, and are waited for no longer. */
    void giveUpOpenCalls() {
        for (Line line : lines) {
            if (line.open) {
                setOpen(line, false);
                line.outcome("the outcome is unknown; check it before you repeat this call");
                line.givenUp = true;
            }
        }
    }

    /** Whether the caller waits for something: the last word was not the agent's. */
    boolean owesReply() {
        for (Line line : latestFirst()) {
            if (line.text.length() > 0 && !line.asksNothing) {
                return line.speaker != Speaker.ASSISTANT;
            }
        }
        return false;
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(earlier);
        for (Line line : lines) {
            if (line.text.length() > 0) {
                entries.add(new Entry(line.speaker, line.text.toString()));
            }
        }
        return entries;
    }

    private Line lineOfCaller(@Nullable String itemId) {
        Line unnamed = null;
        for (Line line : lines) {
            if (line.speaker == Speaker.USER && line.text.length() == 0) {
                if (line.id != null && line.id.equals(itemId)) {
                    return line;
                }
                if (unnamed == null && (line.id == null || itemId == null)) {
                    unnamed = line;
                }
            }
        }
        return unnamed != null ? unnamed : add(Speaker.USER, itemId);
    }

    private void onReply(@Nullable String responseId, @Nullable String itemId, String delta) {
        if (itemId == null && responseId == null && replyIsCut) {
            return;
        }
        Line line = lineOfReply(responseId, itemId);
        if (!line.cut) {
            line.append(delta);
        }
    }

    private Line lineOfReply(@Nullable String responseId, @Nullable String itemId) {
        String id = itemId != null ? itemId : responseId;
        boolean isNew = id == null && replyBegins;
        replyBegins = false;
        Line line = isNew ? null : id == null ? latestUnnamed() : replies.get(id);
        return line != null ? line : add(Speaker.ASSISTANT, id);
    }

    private @Nullable Line latestUnnamed() {
        for (Line line : latestFirst()) {
            if (line.speaker != Speaker.ASSISTANT) {
                return null;
            }
            if (line.id == null) {
                return line;
            }
        }
        return null;
    }

    private Iterable<Line> latestFirst() {
        return lines::descendingIterator;
    }

    private Line add(Speaker speaker, @Nullable String id) {
        Line line = new Line(speaker, id);
        lines.add(line);
        if (speaker == Speaker.ASSISTANT && id != null) {
            replies.put(id, line);
        }
        if (lines.size() > MOST_LINES) {
            forget(lines.remove());
        }
        letGo();
        return line;
    }

    /** What no server will be told, since what came after it leaves no room, goes; calls that are open stay. */
    private void letGo() {
        long newer = kept;
        Iterator<Line> oldestFirst = lines.iterator();
        while (oldestFirst.hasNext()) {
            Line line = oldestFirst.next();
            newer -= line.text.length();
            if (newer < Instructions.MOST_HISTORY_CHARS) {
                return;
            }
            if (!line.open) {
                oldestFirst.remove();
                forget(line);
            }
        }
    }

    private void forget(Line line) {
        kept -= line.text.length();
        setOpen(line, false);
        if (line.call != null) {
            calls.remove(Call.of(line.call), line);
        } else if (line.speaker == Speaker.ASSISTANT && line.id != null) {
            replies.remove(line.id, line);
        }
    }
}
