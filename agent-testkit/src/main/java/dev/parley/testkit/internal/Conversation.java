package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Report;
import dev.parley.testkit.Violation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of a script on one connection, in a dialect. Confined to the connection's monitor. */
interface Conversation {

    /** The socket is open. */
    void begin();

    /** A JSON object came. Whatever is wrong with it is answered and noted. */
    void onMessage(ObjectNode message);

    /** Answers what is not even a JSON object; the connection stays open. */
    void refuse(Violation violation);

    void onClosed();

    /** How many samples of caller audio were taken. */
    long samples();

    /** So much silence of the caller ends a turn now. */
    Duration silence();

    /** Whether so many turns are answered, or are at a point where the caller should break in. */
    boolean callerMaySpeak(int turns);

    /** Whether, and how, the caller should speak now; null while it is not their turn. */
    @Nullable
    CallersCue callersCue();

    /** Whether every turn was heard and answered to its end. */
    boolean finished();

    Report report();
}
