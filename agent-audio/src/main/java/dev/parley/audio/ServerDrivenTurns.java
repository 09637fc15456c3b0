package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@link ServerDrivenBargeIn#notBefore} at work: the server was asked to let its replies go on, and tells when the caller speaks.
 *
 * <p>What it would have cancelled is cut here, a reply of which nothing has sounded yet included: another one, which
 * the caller's words ask for, finds the way free. During the greeting that waits, for as long as the caller speaks.
 */
final class ServerDrivenTurns implements TurnPolicy {
    private final Floor floor;
    private final Greeting greeting;
    /** The caller has spoken since the greeting, or since before it. */
    private boolean talkedOver;

    private Clock.@Nullable Timer greetingHeard;

    ServerDrivenTurns(ServerDrivenBargeIn policy, Floor floor) {
        this.floor = floor;
        this.greeting = new Greeting(policy.notBefore(), floor);
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        greeting.onServerEvent(event);
        if (event instanceof ServerEvent.SpeechStarted) {
            if (greeting.isOver()) {
                floor.interrupt();
            } else {
                talkedOver = true;
                lookAgainIn(greeting.left());
            }
        } else if (event instanceof ServerEvent.SpeechStopped) {
            forget();
        }
    }

    @Override
    public void onSpeaking() {
        lookAgainIn(greeting.left());
    }

    private void look() {
        if (!greeting.isOver()) {
            // the sink is behind, or tells its position in steps: it is asked no more often than by its player
            lookAgainIn(SourcePump.FRAME);
        } else if (talkedOver && floor.isSpeaking()) {
            forget();
            if (!greeting.isPlayedOut()) {
                floor.interrupt();
            }
        }
    }

    private void lookAgainIn(Duration delay) {
        cancelTimer();
        if (talkedOver && floor.isSpeaking()) {
            greetingHeard = floor.after(delay, this::look);
        }
    }

    @Override
    public void onQuiet() {
        greeting.onQuiet();
        rest();
    }

    @Override
    public void onSilenced() {
        greeting.onReplyOver();
        rest();
    }

    /** The server that heard the caller is gone. */
    @Override
    public void onConnectionLost() {
        greeting.onReplyOver();
        forget();
    }

    @Override
    public void close() {
        cancelTimer();
    }

    /** Speech over one reply is none over the next: servers do not always tell its end. */
    private void rest() {
        if (greeting.hasEnded()) {
            forget();
        } else {
            cancelTimer();
        }
    }

    private void forget() {
        talkedOver = false;
        cancelTimer();
    }

    private void cancelTimer() {
        if (greetingHeard != null) {
            greetingHeard.cancel();
            greetingHeard = null;
        }
    }
}
