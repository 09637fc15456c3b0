package dev.parley.core.internal;

import dev.parley.core.History;
import dev.parley.core.History.Entry;
import dev.parley.core.History.Speaker;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final List<Line> lines = new ArrayList<>();

    /** Whether words without an id belong to a reply that has none yet. */
    private boolean replyBegins;

    /** Whether words without an id belong to a reply that was cut. */
    private boolean replyIsCut;

    private static final class Line {
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
                text.append(Instructions.beginning(words, MOST_CHARS - text.length()));
            }
        }

        void outcome(String output) {
            text.setLength(callChars);
            chars = callChars;
            open = false;
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

        boolean isOf(ToolRequest request) {
            return call != null && call.callId().equals(request.callId()) && call.connection() == request.connection();
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
            Line last = lines.isEmpty() ? null : lines.get(lines.size() - 1);
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
        long kept = received.isZero() ? 0 : (long) ((double) line.chars * heard.toNanos() / received.toNanos());
        line.text.setLength(line.text.offsetByCodePoints(
                0, line.text.codePointCount(0, (int) Math.min(kept, line.text.length()))));
        line.chars = line.text.length();
    }

    private Line spoken(String itemId, @Nullable String responseId) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            Line line = lines.get(i);
            boolean named = line.id != null && (line.id.equals(itemId) || line.id.equals(responseId));
            if (line.speaker == Speaker.ASSISTANT && (named || (line.id == null && !replyBegins))) {
                return line;
            }
        }
        return add(Speaker.ASSISTANT, itemId);
    }

    void onCall(ToolRequest request) {
        // A server that repeats a call still means the one.
        if (lines.stream().noneMatch(line -> line.isOf(request))) {
            lineOfCall(request).open = true;
        }
    }

    private Line lineOfCall(ToolRequest request) {
        Line line = add(Speaker.TOOL, request.callId());
        line.call = request;
        line.append(Instructions.beginning(request.name() + request.argumentsJson(), MOST_CALL_CHARS));
        line.callChars = line.text.length();
        return line;
    }

    /** The latest call of this id, whose output it must be that comes from outside. */
    @Nullable
    ToolRequest latestCall(String callId) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            ToolRequest call = lines.get(i).call;
            if (call != null && call.callId().equals(callId)) {
                return call;
            }
        }
        return null;
    }

    Answer onAnswer(ToolRequest request, String output) {
        for (Line line : lines) {
            if (line.isOf(request)) {
                Answer answer = line.open ? Answer.EXPECTED : line.givenUp ? Answer.LATE : Answer.REPEATED;
                if (answer != Answer.REPEATED) {
                    line.outcome(output);
                }
                return answer;
            }
        }
        // So long ago that its line is gone.
        lineOfCall(request).outcome(output);
        return Answer.LATE;
    }

    boolean hasOpenCalls() {
        return lines.stream().anyMatch(line -> line.open);
    }

    /** Calls that are still open are told as such, and are waited for no longer. */
    void giveUpOpenCalls() {
        for (Line line : lines) {
            if (line.open) {
                line.outcome("the outcome is unknown; check it before you repeat this call");
                line.givenUp = true;
            }
        }
    }

    /** Whether the caller waits for something: the last word was not the agent's. */
    boolean owesReply() {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).text.length() > 0 && !lines.get(i).asksNothing) {
                return lines.get(i).speaker != Speaker.ASSISTANT;
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
        for (int i = lines.size() - 1; i >= 0 && !isNew; i--) {
            Line line = lines.get(i);
            if (line.speaker == Speaker.ASSISTANT) {
                if (Objects.equals(line.id, id)) {
                    return line;
                }
            } else if (id == null) {
                break;
            }
        }
        return add(Speaker.ASSISTANT, id);
    }

    private Line add(Speaker speaker, @Nullable String id) {
        Line line = new Line(speaker, id);
        lines.add(line);
        if (lines.size() > MOST_LINES) {
            lines.remove(0);
        }
        letGo();
        return line;
    }

    /** What no server will be told, since what came after it leaves no room, goes; calls that are open stay. */
    private void letGo() {
        int room = Instructions.MOST_HISTORY_CHARS;
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (room <= 0 && !lines.get(i).open) {
                lines.remove(i);
            } else {
                room -= lines.get(i).text.length();
            }
        }
    }
}
