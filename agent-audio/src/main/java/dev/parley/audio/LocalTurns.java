package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link BargeIn#local} at work: duck, confirm, then flush or restore. */
final class LocalTurns implements TurnPolicy {
    private final LocalBargeIn policy;
    private final Floor floor;
    private long evidenceNanos;
    private long lastSpeech;
    private boolean confirmed;
    private boolean deaf;
    private Clock.@Nullable Timer restoring;

    LocalTurns(LocalBargeIn policy, Floor floor) {
        this.policy = policy;
        this.floor = floor;
    }

    @Override
    public void onFrame(boolean speech) {
        if (speech && floor.state() == BargeIn.State.SPEAKING && mayInterrupt()) {
            evidenceNanos = 0;
            floor.duck(policy.duckTo());
            restoreIn(policy.restoreAfter());
        }
        if (floor.state() != BargeIn.State.DUCKED || confirmed) {
            return;
        }
        long frame = SourcePump.FRAME.toNanos();
        evidenceNanos = Math.max(0, evidenceNanos + (speech ? frame : -frame));
        if (speech) {
            lastSpeech = floor.clock().nanoTime();
            if (evidenceNanos >= policy.confirmAfter().toNanos()) {
                confirmed = true;
                cancelTimer();
                floor.interrupt();
            }
        }
    }

    /** To look may show that the reply is over. */
    private boolean mayInterrupt() {
        return policy.notBefore().isZero()
                || (floor.heardNow().compareTo(policy.notBefore()) >= 0 && floor.state() == BargeIn.State.SPEAKING);
    }

    /** One timer that looks again, instead of one for each frame. It also ends the doubt when the source falls dry. */
    private void restoreIn(Duration delay) {
        restoring = floor.after(delay, () -> {
            if (floor.state() != BargeIn.State.DUCKED || confirmed) {
                return;
            }
            long silent = floor.clock().nanoTime() - lastSpeech;
            long rest = policy.restoreAfter().toNanos() - silent;
            if (rest > 0) {
                restoreIn(Duration.ofNanos(rest));
            } else {
                floor.restore();
            }
        });
    }

    @Override
    public void onDeaf() {
        deaf = true;
        if (floor.state() == BargeIn.State.DUCKED && !confirmed) {
            cancelTimer();
            floor.restore();
        }
    }

    /** A server that was asked to leave interruptions to the detector tells of speech all the same. */
    @Override
    public void onServerEvent(ServerEvent event) {
        if (deaf && event instanceof ServerEvent.SpeechStarted && floor.state() == BargeIn.State.SPEAKING) {
            floor.interrupt();
        }
    }

    @Override
    public void onQuiet() {
        confirmed = false;
        cancelTimer();
    }

    @Override
    public void onSilenced() {
        onQuiet();
    }

    @Override
    public void close() {
        cancelTimer();
    }

    private void cancelTimer() {
        if (restoring != null) {
            restoring.cancel();
            restoring = null;
        }
    }
}
