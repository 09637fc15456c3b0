package dev.parley.audio;

import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A caller who speaks between two spans of 3 s, all of it in noise, in frames of 20 ms: two recordings, each in four stretches of the noise.
 * Truth is the clean speech's own level. And four minutes of the noise alone, while the agent speaks.
 */
final class DetectorTrial {
    enum Noise {
        WHITE,
        BABBLE
    }

    /**
     * @param onsetMillis from the first frame of speech to the detector's first, at worst
     * @param misses share of the frames of speech
     * @param falseAlarms share of the other frames, pauses within the speech among them
     * @param interruptionsPerMinute of an agent whom only noise interrupts, at the numbers that {@link BargeIn#local} has unless said
     */
    record Result(int onsetMillis, double misses, double falseAlarms, double interruptionsPerMinute) {}

    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    private static final int FRAME = 480;
    private static final int LEAD = 150;
    private static final int STRETCHES = 4;
    private static final int MINUTES = 4;

    private int worstOnset;
    private int speaking;
    private int missed;
    private int quiet;
    private int alarms;

    private DetectorTrial() {}

    static Result of(SpeechDetector detector, Noise noise, double snr) throws IOException {
        DetectorTrial trial = new DetectorTrial();
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            for (String name : List.of("caller-digits", "caller-cancel")) {
                trial.hear(detector, speech(name), noise, 5 + stretch, snr);
            }
        }
        int interruptions = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            interruptions += interruptions(detector, noise, 20 + minute, snr);
        }
        return new Result(
                trial.worstOnset,
                trial.missed / (double) trial.speaking,
                trial.alarms / (double) trial.quiet,
                interruptions / (double) MINUTES);
    }

    private void hear(SpeechDetector detector, short[] speech, Noise noise, int seed, double snr) throws IOException {
        boolean[] truth = spoken(speech);
        int frames = LEAD + truth.length + LEAD;
        short[] line = noise(noise, frames * FRAME, seed);
        double scale = scale(speech, line, snr);
        int first = LEAD;
        while (!truth[first - LEAD]) {
            first++;
        }
        int onset = -1;
        try (SpeechDetector.Stream stream = detector.open(FORMAT)) {
            for (int f = 0; f < frames; f++) {
                ByteBuffer frame = ByteBuffer.allocate(2 * FRAME).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = f * FRAME; i < (f + 1) * FRAME; i++) {
                    int at = i - LEAD * FRAME;
                    double clean = at >= 0 && at < speech.length ? speech[at] : 0;
                    frame.putShort(clipped(clean + scale * line[i]));
                }
                boolean heard = stream.isSpeech(frame.flip());
                boolean said = f >= LEAD && f < LEAD + truth.length && truth[f - LEAD];
                speaking += said ? 1 : 0;
                missed += said && !heard ? 1 : 0;
                quiet += said ? 0 : 1;
                alarms += heard && !said ? 1 : 0;
                if (heard && onset < 0 && f >= first) {
                    onset = f;
                }
            }
        }
        worstOnset = Math.max(worstOnset, (onset < 0 ? frames : onset - first) * 20);
    }

    /** The agent speaks for a minute; whenever it is interrupted, it begins anew. */
    private static int interruptions(SpeechDetector detector, Noise noise, int seed, double snr) throws IOException {
        short[] line = noise(noise, 3_000 * FRAME, seed);
        double scale = scale(speech("caller-digits"), line, snr);
        ByteBuffer pcm = ByteBuffer.allocate(2 * line.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : line) {
            pcm.putShort(clipped(scale * sample));
        }
        FakeSession session = new FakeSession(FORMAT.sampleRate());
        AudioSink sink = AudioSink.inMemory(FORMAT, session.clock, Duration.ofMillis(100));
        session.parts.add(AudioLink.between(AudioSource.of(FORMAT, pcm.flip()), sink)
                .bargeIn(BargeIn.local(detector))
                .open(session));
        session.state(SessionState.READY);
        Playback playback = session.part(Playback.class);
        ByteBuffer reply = Pcm.constant(1, 24_000);
        for (int f = 0; f < 3_000; f++) {
            if (playback.queued().compareTo(Duration.ofMillis(100)) < 0) {
                session.event(new ServerEvent.OutputAudio("r" + f, "i", reply.duplicate()));
            }
            session.clock.advanceMillis(20);
        }
        session.hangUp();
        return session.interruptedAtMillis.size();
    }

    private static short clipped(double sample) {
        return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sample)));
    }

    private static double scale(short[] speech, short[] noise, double snr) {
        return Math.sqrt(power(speech, spoken(speech)) / power(noise, null) / Math.pow(10, snr / 10));
    }

    /** Frames of the clean recording within 25 dB of its loudest. */
    private static boolean[] spoken(short[] speech) {
        boolean[] spoken = new boolean[(speech.length + FRAME - 1) / FRAME];
        double[] power = new double[spoken.length];
        double loudest = 0;
        for (int i = 0; i < speech.length; i++) {
            power[i / FRAME] += (double) speech[i] * speech[i];
        }
        for (double each : power) {
            loudest = Math.max(loudest, each);
        }
        for (int f = 0; f < spoken.length; f++) {
            spoken[f] = power[f] > loudest / 316;
        }
        return spoken;
    }

    private static double power(short[] samples, boolean @Nullable [] frames) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < samples.length; i++) {
            if (frames == null || frames[i / FRAME]) {
                sum += (double) samples[i] * samples[i];
                count++;
            }
        }
        return sum / count;
    }

    private static short[] noise(Noise noise, int count, int seed) throws IOException {
        return noise == Noise.WHITE ? white(count, seed) : babble(count, seed);
    }

    static short[] white(int count, int seed) {
        Random random = new Random(seed);
        short[] noise = new short[count];
        for (int i = 0; i < count; i++) {
            noise[i] = (short) Math.round(3_000 * random.nextGaussian());
        }
        return noise;
    }

    /** Twelve voices at once: the recordings, each from another place on. */
    private static short[] babble(int count, int seed) throws IOException {
        short[][] voices = {speech("caller-digits"), speech("caller-cancel"), speech("agent-long")};
        short[] babble = new short[count];
        Random random = new Random(seed);
        for (int v = 0; v < 12; v++) {
            short[] voice = voices[v % voices.length];
            int from = random.nextInt(voice.length);
            for (int i = 0; i < count; i++) {
                babble[i] = (short) (babble[i] + voice[(i + from) % voice.length] / 12);
            }
        }
        return babble;
    }

    static short[] speech(String name) throws IOException {
        return Pcm.samples(WavFile.open(Path.of("src/test/resources/speech/" + name + ".wav"))
                .pcm());
    }
}
