package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Report;
import dev.parley.testkit.Violation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is left of a conversation whose connection is over: its figures and findings, and nothing of its sound. Immutable. */
record EndedConversation(long samples, Duration silence, boolean finished, Report report) implements Conversation {

    static EndedConversation of(Conversation over) {
        return new EndedConversation(over.samples(), over.silence(), over.finished(), over.report());
    }

    @Override
    public void begin() {}

    @Override
    public void onMessage(ObjectNode message) {}

    @Override
    public void refuse(Violation violation) {}

    @Override
    public void onClosed() {}

    @Override
    public boolean callerMaySpeak(int turns) {
        return false;
    }

    @Override
    public @Nullable CallersCue callersCue() {
        return null;
    }
}
