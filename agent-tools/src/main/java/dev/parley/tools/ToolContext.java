package dev.parley.tools;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call belongs to. A tool method with a parameter of this type is given it; the model is told nothing of that
 * parameter. Thread-safe.
 */
public final class ToolContext {
    private final String conversationId;
    private final Map<String, Object> attributes;
    private final Supplier<List<PastCall>> past;
    private final @Nullable RunningCall running;

    private ToolContext(
            String conversationId,
            Map<String, Object> attributes,
            Supplier<List<PastCall>> past,
            @Nullable RunningCall running) {
        this.conversationId = conversationId;
        this.attributes = attributes;
        this.past = past;
        this.running = running;
    }

    /** A context for calls outside a session: tests, or another front end. */
    public static ToolContext of(String conversationId, Map<String, Object> attributes) {
        return of(conversationId, attributes, List::of);
    }

    static ToolContext of(String conversationId, Map<String, Object> attributes, Supplier<List<PastCall>> past) {
        return new ToolContext(Objects.requireNonNull(conversationId), Map.copyOf(attributes), past, null);
    }

    /** A context of a conversation that has a random id and no attributes. */
    static ToolContext ofNothing() {
        return of(UUID.randomUUID().toString(), Map.of());
    }

    ToolContext ofCall(RunningCall call) {
        return new ToolContext(conversationId, attributes, past, call);
    }

    /** The conversation's id: the session's, or what {@link #of} was given. */
    public String conversationId() {
        return conversationId;
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
     * Whether the call was answered already, by a timeout or an interruption: what the tool still does reaches nobody. Its
     * thread is interrupted too; this is for work that does not wait.
     */
    public boolean cancelled() {
        return running != null && running.settled();
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
     * The session's calls that have their result, in the order in which they got it; at most the last 1,000. Empty outside
     * a session.
     */
    public List<PastCall> callsSoFar() {
        return past.get();
    }

    /** Shows ids alone. */
    @Override
    public String toString() {
        return "ToolContext[conversationId=" + conversationId + ", callId="
                + (running == null ? null : running.call().callId()) + "]";
    }
}
