package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@link BargeIn#local} at work: duck, confirm, then flush or restore.
 *
 * <p>Clicks, a keyboard or a far voice may keep it in doubt for as long as they last. After two seconds of that the agent speaks on at full
 * voice: from then on only what confirms counts, until it has been quiet once.
 */
final class LocalTurns implements TurnPolicy {
    private static final Duration LONGEST_DOUBT = Duration.ofSeconds(2);

    private final LocalBargeIn policy;
    private final Floor floor;
    private final Greeting greeting;
    private long evidenceNanos;
    private long lastSpeech;
    private long doubtSince;
    /** The doubt took too long: the agent is not ducked for it any more. */
    private boolean patient;

    private boolean confirmed;
    private boolean deaf;
    private Clock.@Nullable Timer restoring;

    LocalTurns(LocalBargeIn policy, Floor floor) {
        this.policy = policy;
        this.floor = floor;
        this.greeting = new Greeting(policy.notBefore(), floor);
    }

    @Override
    public void onFrame(boolean speech) {
        if (speech && floor.state() == BargeIn.State.SPEAKING && !patient && mayInterrupt()) {
            evidenceNanos = 0;
            doubtSince = floor.clock().nanoTime();
            floor.duck(policy.duckTo());
            lookAgainIn(policy.restoreAfter().compareTo(LONGEST_DOUBT) < 0 ? policy.restoreAfter() : LONGEST_DOUBT);
        }
        if (!inDoubt()) {
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
        return greeting.isOver() && floor.state() == BargeIn.State.SPEAKING;
    }

    private boolean inDoubt() {
        BargeIn.State playing = patient ? BargeIn.State.SPEAKING : BargeIn.State.DUCKED;
        return !confirmed && floor.state() == playing;
    }

    /** One timer that looks again, instead of one for each frame. It also ends the doubt when the source falls dry. */
    private void lookAgainIn(Duration delay) {
        restoring = floor.after(delay, this::look);
    }

    private void look() {
        if (!inDoubt()) {
            return;
        }
        long now = floor.clock().nanoTime();
        long quietIn = policy.restoreAfter().toNanos() - (now - lastSpeech);
        if (quietIn <= 0) {
            endDoubt();
            return;
        }
        long doubtEndsIn = LONGEST_DOUBT.toNanos() - (now - doubtSince);
        if (!patient && doubtEndsIn <= 0) {
            patient = true;
            floor.restore();
        }
        lookAgainIn(Duration.ofNanos(patient ? quietIn : Math.min(quietIn, doubtEndsIn)));
    }

    private void endDoubt() {
        if (!patient) {
            floor.restore();
        }
        patient = false;
    }

    @Override
    public void onDeaf() {
        deaf = true;
        if (inDoubt()) {
            cancelTimer();
            endDoubt();
        }
    }

    /** A server that was asked to leave interruptions to the detector tells of speech all the same. */
    @Override
    public void onServerEvent(ServerEvent event) {
        greeting.onServerEvent(event);
        if (deaf && event instanceof ServerEvent.SpeechStarted && floor.state() == BargeIn.State.SPEAKING) {
            floor.interrupt();
        }
    }

    @Override
    public void onQuiet() {
        greeting.onQuiet();
        confirmed = false;
        patient = false;
        cancelTimer();
    }

    @Override
    public void onSilenced() {
        greeting.onReplyOver();
        onQuiet();
    }

    @Override
    public void onConnectionLost() {
        greeting.onReplyOver();
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
