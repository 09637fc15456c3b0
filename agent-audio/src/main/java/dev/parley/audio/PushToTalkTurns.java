package dev.parley.audio;

/** {@link BargeIn#pushToTalk()} at work. */
final class PushToTalkTurns implements TurnPolicy {
    private final Floor floor;
    private volatile boolean pressed;

    PushToTalkTurns(Floor floor) {
        this.floor = floor;
    }

    @Override
    public boolean microphoneOpen() {
        return pressed;
    }

    @Override
    public void press() {
        if (!pressed) {
            pressed = true;
            floor.interrupt();
        }
    }

    @Override
    public void release() {
        pressed = false;
    }
}
