package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link BargeIn#halfDuplex()} at work: the microphone is held from a reply's beginning until it has been played out. */
final class HalfDuplexTurns implements TurnPolicy {
    private final HalfDuplex policy;
    private final Floor floor;
    private volatile boolean open = true;
    private boolean replying;
    /** The last reply of the conversation; null where the server names none. */
    private @Nullable String replyId;

    private Clock.@Nullable Timer timer;

    HalfDuplexTurns(HalfDuplex policy, Floor floor) {
        this.policy = policy;
        this.floor = floor;
    }

    @Override
    public boolean microphoneOpen() {
        return open;
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.ResponseCreated created) {
            // what is spoken beside the conversation holds it with its first sound, and what is written does not
            if (!created.outOfBand()) {
                replyId = created.responseId();
                replying = true;
                hold();
            }
        } else if (event instanceof ServerEvent.ResponseDone done) {
            if (replyId == null || done.responseId() == null || replyId.equals(done.responseId())) {
                replying = false;
                openIfOver();
            }
        } else if (event instanceof ServerEvent.ErrorEvent) {
            onError();
        }
    }

    @Override
    public void onSpeaking() {
        hold();
    }

    @Override
    public void onQuiet() {
        openIfOver();
    }

    @Override
    public void onSilenced() {
        openNow();
    }

    @Override
    public void onConnectionLost() {
        replying = false;
        openIfOver();
    }

    @Override
    public void close() {
        cancelTimer();
    }

    private void hold() {
        open = false;
        watch(floor.heard());
    }

    /** A lost end of a reply, or a sink that is stuck, must not mute the caller for ever. */
    private void watch(Duration heardBefore) {
        cancelTimer();
        timer = floor.after(policy.patience(), () -> {
            Duration heard = floor.heard();
            if (heard.equals(heardBefore)) {
                openNow();
            } else {
                watch(heard);
            }
        });
    }

    /** It may have been the end of the reply, or nothing to do with it: what plays is played out in any case. */
    private void onError() {
        if (floor.state() == BargeIn.State.SPEAKING) {
            replying = false;
        } else {
            openNow();
        }
    }

    private void openIfOver() {
        if (open || replying || floor.state() == BargeIn.State.SPEAKING) {
            return;
        }
        if (policy.tail().isZero()) {
            openNow();
        } else {
            cancelTimer();
            timer = floor.after(policy.tail(), this::openNow);
        }
    }

    private void openNow() {
        cancelTimer();
        replying = false;
        open = true;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
