package dev.parley.testkit.internal;

import dev.parley.core.VoiceSession;
import dev.parley.testkit.Recording;
import dev.parley.testkit.Turn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Speaks the caller's lines of a script into a session: always the next one that was not heard, since the client may have
 * written turns itself, such as a question that an earlier connection left unanswered. Runs on the test's thread.
 */
record CallerPart(RehearsalSettings settings, ScriptedConnection connection, VoiceSession session, Duration patience) {
    private static final int PIECE_BYTES = Recording.SAMPLE_RATE / 10 * 2;

    /** So much may be on its way: less than the session's lane holds. */
    private static final long SAMPLES_AHEAD = 5L * Recording.SAMPLE_RATE;

    void play() {
        List<Turn> turns = settings.script().turns();
        if (nextTurn() == 0 && settings.script().greeting() != null) {
            session.requestResponse();
            connection.awaitCallersTurn(0, patience);
        }
        for (int next = nextTurn(); next < turns.size() && !connection.over(); next = nextTurn()) {
            say(turns.get(next));
            connection.awaitCallersTurn(next + 1, patience);
        }
    }

    /** From zero; behind the last one where no turn is left for this connection. */
    private int nextTurn() {
        return settings.script().turns().size() - connection.report().turnsLeft();
    }

    /** A turn without a recording is said with a tone. */
    static Recording line(Turn turn) {
        return turn.audio() == null ? Recording.toneFor(turn.hear()) : turn.audio();
    }

    private void say(Turn turn) {
        // a little over what ends the turn, since speech need not end on a frame
        Recording pause = Recording.silence(connection.silence().plusMillis(100));
        ByteBuffer pcm16 = line(turn).then(pause).pcm16();
        long sent = connection.samplesReceived();
        while (pcm16.hasRemaining() && !connection.closed()) {
            ByteBuffer piece = pcm16.slice();
            piece.limit(Math.min(piece.remaining(), PIECE_BYTES));
            sent += piece.remaining() / 2;
            pcm16.position(pcm16.position() + piece.remaining());
            if (!session.appendAudio(piece)) {
                throw new AssertionError("the session took no audio; it is " + session.state());
            }
            connection.awaitSamples(sent - SAMPLES_AHEAD, patience);
        }
    }
}
