package dev.parley.core.internal;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replies that called tools. One is settled when it is done and every one of its calls has its output, and then forgotten; of
 * those that are not the latest {@value #OPEN_REMEMBERED} are kept. Confined to the loop.
 */
final class CallingReplies {
    /** Replies whose tools still run. */
    private static final int OPEN_REMEMBERED = 64;

    /** A call that is told after its reply's end comes in the same burst, but for servers that tell things in another order. */
    private static final int OVER_REMEMBERED = 64;

    private final Map<String, Reply> open = new LinkedHashMap<>();

    /** Replies that are done, the latest ones: a call of another is a call of a reply that still goes on. */
    private final Set<String> over = new LinkedHashSet<>();

    /** By the calls' ids. */
    private static final class Reply {
        final Set<String> waiting = new HashSet<>();
        final Set<String> answered = new HashSet<>();
        boolean done;
        boolean cut;
        boolean wantsReply;
    }

    /** The reply was cut: its calls' outputs ask for no reply any more. */
    void cut(@Nullable String replyId) {
        Reply reply = open.get(key(replyId));
        if (reply != null) {
            reply.cut = true;
        }
    }

    /** @param replyId of the reply that is done; null if nobody knows: one is written at a time, so whatever there is */
    void done(@Nullable String replyId, boolean cancelled) {
        if (replyId != null) {
            over.add(replyId);
            if (over.size() > OVER_REMEMBERED) {
                over.remove(over.iterator().next());
            }
        }
        open.forEach((id, reply) -> {
            if (replyId == null || id.equals(replyId)) {
                reply.done = true;
                reply.cut |= cancelled;
            }
        });
    }

    /**
     * A reply called a tool.
     *
     * @param active whether a reply is being written: one without an id is that one
     * @return whether the reply was over already, so that others of its calls may still come
     */
    boolean called(String callId, @Nullable String replyId, boolean active) {
        Reply reply = open.computeIfAbsent(key(replyId), unknown -> new Reply());
        // Where its response.created comes late, a reply goes on all the same.
        reply.done = replyId == null ? !active : over.contains(replyId);
        if (!reply.answered.contains(callId)) {
            // What a server repeats after its answer gets no second one, and must not be waited for.
            reply.waiting.add(callId);
        }
        boolean late = reply.done;
        if (open.size() > OPEN_REMEMBERED) {
            open.remove(open.keySet().iterator().next());
        }
        return late;
    }

    /**
     * A call has its output, wherever it was told: also when a later reply repeated it.
     *
     * @return whether any reply is known to have made it
     */
    boolean answered(String callId, boolean wantsReply) {
        boolean known = false;
        for (Reply reply : open.values()) {
            if (reply.waiting.remove(callId) || reply.answered.contains(callId)) {
                known = true;
                reply.answered.add(callId);
                reply.wantsReply |= wantsReply;
            }
        }
        return known;
    }

    /** Forgets those that are settled; true if one of them is to be followed by a reply. */
    boolean settle() {
        boolean[] due = {false};
        open.values().removeIf(reply -> {
            boolean settled = reply.done && reply.waiting.isEmpty();
            due[0] |= settled && reply.wantsReply && !reply.cut;
            return settled;
        });
        return due[0];
    }

    private static String key(@Nullable String replyId) {
        return replyId == null ? "" : replyId;
    }
}
