package dev.parley.tools;

import dev.parley.tools.internal.FreshId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call belongs to. A tool method with a parameter of this type is given it; the model is told nothing of that
 * parameter. Thread-safe.
 */
public final class ToolContext {
    private final @Nullable String conversationId;
    private final @Nullable UnnamedId unnamed;
    private final Map<String, Object> attributes;
    private final Conversation conversation;
    private final @Nullable CallSession session;
    private final @Nullable RunningCall running;

    private ToolContext(
            @Nullable String conversationId,
            @Nullable UnnamedId unnamed,
            Map<String, Object> attributes,
            Conversation conversation,
            @Nullable CallSession session,
            @Nullable RunningCall running) {
        this.conversationId = conversationId;
        this.unnamed = unnamed;
        this.attributes = attributes;
        this.conversation = conversation;
        this.session = session;
        this.running = running;
    }

    /** A context for calls outside a session: tests, or another front end. */
    public static ToolContext of(String conversationId, Map<String, Object> attributes) {
        return new ToolContext(
                Objects.requireNonNull(conversationId), null, Map.copyOf(attributes), Conversation.NONE, null, null);
    }

    /** A context of a conversation that has a random id and no attributes. */
    static ToolContext ofNothing() {
        return new ToolContext(null, new UnnamedId(), Map.of(), Conversation.NONE, null, null);
    }

    /** The id of a conversation that nobody named. Most calls never ask for it, and it is made for the first that does. */
    private static final class UnnamedId {
        private volatile @Nullable String id;

        String get() {
            String known = id;
            return known == null ? first() : known;
        }

        private synchronized String first() {
            String known = id;
            if (known == null) {
                known = FreshId.next();
                id = known;
            }
            return known;
        }
    }

    ToolContext ofCall(RunningCall call, Conversation itsConversation) {
        return new ToolContext(conversationId, unnamed, attributes, itsConversation, session, call);
    }

    ToolContext in(CallSession itsSession) {
        return new ToolContext(conversationId, unnamed, attributes, conversation, itsSession, running);
    }

    /** The conversation's id: the session's, what {@link #of} was given, or a random one of this call alone. */
    public String conversationId() {
        return unnamed == null ? Objects.requireNonNull(conversationId) : unnamed.get();
    }

    /** What the session was given for this conversation, such as the customer who is signed in. Immutable. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /**
     * The id of the call.
     *
     * @throws IllegalStateException outside a call
     */
    public String callId() {
        if (running == null) {
            throw new IllegalStateException("no call yet: the id is known inside a tool");
        }
        return running.call().callId();
    }

    /**
     * Whether the call was stopped by a timeout or an interruption: what the tool still does reaches nobody. Its thread is
     * interrupted too; this is for work that does not wait. A call that ended by itself was not.
     */
    public boolean cancelled() {
        return running != null && running.stopped();
    }

    /**
     * Runs a task if the call is stopped by a timeout or an interruption, at once if it was already, and never if it ends by
     * itself: for work that goes on elsewhere, such as a request to a server. It runs on the tools' executor.
     */
    public void onCancelled(Runnable task) {
        Objects.requireNonNull(task);
        if (running != null) {
            running.onStop(task);
        }
    }

    /**
     * Tells listeners that the tool is still at work ({@code SessionListener.onToolProgress}). With
     * {@code @ToolPolicy(speakProgress = true)} the agent also says so, where the provider can be asked for a reply beside
     * the conversation (swaram cannot), at most every 4 s. Ignored outside a session, after the call was answered, and
     * after 100 reports of one call.
     *
     * @param text what the tool says of itself, in a few words
     */
    public void progress(String text) {
        Objects.requireNonNull(text);
        if (session != null && (running == null || !running.settled())) {
            session.progress(text);
        }
    }

    /**
     * Asks that the session hang up once the agent has spoken about this call's result and the caller has heard it. Only if
     * the call goes well; a caller who speaks meanwhile keeps the session. Of several calls of this method and of
     * {@link #transfer}, the last counts.
     *
     * @throws ToolException outside a session, for the model to read: there is nothing to end
     */
    public void endCallAfterReply() {
        inSession().endAfterReply();
    }

    /**
     * As {@link #endCallAfterReply}, and {@code SessionListener.onTransfer} is told first to whom the caller goes: connecting
     * them is the application's.
     *
     * @param target a telephone number or a queue: whatever the listener understands
     * @throws ToolException outside a session, for the model to read: there is nobody to hand over
     */
    public void transfer(String target) {
        inSession().transfer(Objects.requireNonNull(target));
    }

    private CallSession inSession() {
        if (session == null) {
            throw new ToolException("This conversation is not a voice call: it cannot be ended or handed over.");
        }
        return session;
    }

    /**
     * The session's calls that have their result, in the order in which they got it; at most the last 1,000, and fewer if
     * their arguments and outputs are over 2 Mi characters. Outside a session those of the conversation's id, as
     * {@link Toolbox#call(ToolCall, ToolContext)} keeps them.
     */
    public List<PastCall> callsSoFar() {
        return conversation.past();
    }

    /** Shows ids alone. */
    @Override
    public String toString() {
        return "ToolContext[conversationId=" + conversationId() + ", callId="
                + (running == null ? null : running.call().callId()) + "]";
    }
}
