package dev.parley.audio;

/** {@link BargeIn#pushToTalk()}: the caller is heard while a button is held. */
public final class PushToTalk implements BargeIn {
    static final PushToTalk POLICY = new PushToTalk();

    private PushToTalk() {}

    @Override
    public String toString() {
        return "pushToTalk()";
    }
}
