package dev.parley.audio.transcript;

import java.util.ArrayList;
import java.util.List;

/**
 * One item of a reply: its text, its audio, and which part of the text was spoken by a moment of the audio.
 *
 * <p>Servers send text and audio in turns, each piece about the same words, but say nowhere which text belongs to which
 * sample. So pairs (audio so far, text so far) are kept at each point where a round of both kinds is complete, and
 * between two of them the text runs evenly. A server that sends all of one kind first has one round: the text then runs
 * evenly over the whole audio. At both ends the pairs are exact.
 */
final class SpokenItem {
    /** Positions are told in milliseconds by some players, and every 20 ms by ours. */
    private static final long TOLERANCE_MILLIS = 20;

    private enum Kind {
        TEXT,
        AUDIO
    }

    private record Anchor(long audioBytes, int textLength) {}

    private final int bytesPerSecond;
    private final StringBuilder text = new StringBuilder();
    private final List<Anchor> anchors = new ArrayList<>(List.of(new Anchor(0, 0)));
    private long audioBytes;
    private long heardNanos;
    private boolean written;
    private Kind firstKind = Kind.TEXT;
    private Kind lastKind = Kind.TEXT;

    SpokenItem(int bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    void addText(String delta) {
        if (!delta.isEmpty()) {
            arrive(Kind.TEXT);
            text.append(delta);
        }
    }

    /** Text without a voice: the caller reads it as it comes. */
    void addWriting(String delta) {
        written |= !delta.isEmpty();
        addText(delta);
    }

    void addAudio(int bytes) {
        if (bytes > 0) {
            arrive(Kind.AUDIO);
            audioBytes += bytes;
        }
    }

    void heardUpTo(long nanos) {
        heardNanos = Math.max(heardNanos, nanos);
    }

    boolean hasAudio() {
        return audioBytes > 1;
    }

    boolean allHeard() {
        return heardNanos + TOLERANCE_MILLIS * 1_000_000 >= receivedNanos();
    }

    long receivedNanos() {
        return (long) (audioBytes / 2 * 2 * (1e9 / bytesPerSecond));
    }

    String text() {
        return text.toString();
    }

    /**
     * How many characters of a reply that was cut were spoken by the position that was heard, in whole words. Text that came ahead of sound which
     * never came was not.
     */
    int heardLength() {
        if (written) {
            return text.length();
        }
        if (hasAudio() && allHeard()) {
            return lastKind == Kind.TEXT && firstKind == Kind.TEXT
                    ? lastAnchor().textLength()
                    : text.length();
        }
        double bytes = heardNanos / 1e9 * bytesPerSecond;
        Anchor from = anchors.get(0);
        Anchor to = new Anchor(audioBytes, text.length());
        for (Anchor anchor : anchors.subList(1, anchors.size())) {
            if (anchor.audioBytes() > bytes) {
                to = anchor;
                break;
            }
            from = anchor;
        }
        long span = to.audioBytes() - from.audioBytes();
        double share = span == 0 ? 0 : Math.min(1, (bytes - from.audioBytes()) / span);
        return WholeWords.cut(text, from.textLength() + (int) (share * (to.textLength() - from.textLength())));
    }

    private Anchor lastAnchor() {
        return anchors.get(anchors.size() - 1);
    }

    /** A round is complete when the kind that began it begins again. */
    private void arrive(Kind kind) {
        if (audioBytes == 0 && text.length() == 0) {
            firstKind = kind;
        } else if (kind == firstKind && lastKind != firstKind) {
            anchors.add(new Anchor(audioBytes, text.length()));
        }
        lastKind = kind;
    }
}
