package dev.parley.audio;

import dev.parley.core.event.ServerEvent;
import java.time.Duration;

/**
 * What the agent says first, which nothing of the caller's interrupts before so much of it was heard. Over once that is so, or once it
 * has been played out or cut, and never to come again in this session. Loop-confined.
 */
final class Greeting {
    private final Duration least;
    private final Floor floor;
    private boolean replying;
    private boolean over;

    /** @param least how much is to be heard; zero for no such greeting */
    Greeting(Duration least, Floor floor) {
        this.least = least;
        this.floor = floor;
        this.over = least.isZero();
    }

    /** As of now: the sink is asked. To look may show that the reply is over. */
    boolean isOver() {
        if (!over && floor.heardNow().compareTo(least) >= 0) {
            over = true;
        }
        return over;
    }

    /** By the last look. */
    boolean hasEnded() {
        return over;
    }

    /** How much is still to be heard, by the last look. */
    Duration left() {
        return least.minus(floor.heard());
    }

    void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.ResponseCreated) {
            replying = true;
        } else if (event instanceof ServerEvent.ResponseDone) {
            onReplyOver();
        }
    }

    /** The reply that was under way is not any more: done, cut, or lost with its connection. */
    void onReplyOver() {
        replying = false;
        onQuiet();
    }

    /** Between two pieces of a reply that comes late, it is not over. */
    void onQuiet() {
        over |= !replying && !floor.isSpeaking() && !floor.heard().isZero();
    }
}
