package dev.parley.audio;

import io.github.givimad.libfvadjni.VoiceActivityDetector;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The only class that knows libfvad-jni. All that goes to it takes turns in one lock: its native half keeps every detector of the process in
 * one map, without any. An entry of that map, once erased, must not be asked for again, and two detectors may be given one entry, since
 * it draws their numbers at random; so none is ever freed. They wait here for the next session instead: as many as there
 * were sessions at once, of less than a kilobyte each.
 */
final class Fvad implements AutoCloseable {
    /** All detection happens at this rate; what has another is brought to it inside libfvad too. */
    static final PcmFormat FORMAT = new PcmFormat(8_000);

    private static final Object TURNS = new Object();
    private static final Deque<VoiceActivityDetector> IDLE = new ArrayDeque<>();

    private final VoiceActivityDetector detector;

    private Fvad(VoiceActivityDetector detector) {
        this.detector = detector;
    }

    /**
     * Loads the native library, once for the process.
     *
     * @throws IOException if there is none for this machine
     * @throws LinkageError if libfvad-jni is not there, or its native library does not fit this machine
     */
    static void load() throws IOException {
        synchronized (TURNS) {
            VoiceActivityDetector.loadLibrary();
        }
    }

    static Fvad open(WebRtcSpeechDetector.Mode mode) throws IOException {
        synchronized (TURNS) {
            VoiceActivityDetector detector = IDLE.isEmpty() ? VoiceActivityDetector.newInstance() : IDLE.remove();
            detector.reset();
            boolean ready = detector.setSampleRate(VoiceActivityDetector.SampleRate.fromValue(FORMAT.sampleRate()))
                    && detector.setMode(VoiceActivityDetector.Mode.valueOf(mode.name()));
            if (!ready) {
                throw new IOException("libfvad refuses the mode " + mode + " at " + FORMAT.sampleRate() + " Hz");
            }
            return new Fvad(detector);
        }
    }

    /** @param frame 10, 20 or 30 ms */
    boolean isSpeech(short[] frame) throws IOException {
        synchronized (TURNS) {
            return detector.process(frame);
        }
    }

    /** Called once. */
    @Override
    public void close() {
        synchronized (TURNS) {
            IDLE.add(detector);
        }
    }
}
