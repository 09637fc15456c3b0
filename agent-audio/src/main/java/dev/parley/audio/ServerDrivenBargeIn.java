package dev.parley.audio;

/** {@link BargeIn#serverDriven()}: the session itself silences the players, so there is nothing to do here. */
enum ServerDrivenBargeIn implements BargeIn {
    POLICY;

    @Override
    public String toString() {
        return "serverDriven()";
    }
}
