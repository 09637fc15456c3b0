package dev.parley.audio;

import dev.parley.audio.internal.SoundDevices;
import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;
import org.jspecify.annotations.Nullable;

/**
 * The machine's microphone. It needs the {@code java.desktop} module; nothing else but {@link Speaker} does.
 *
 * <p>It listens from the moment it is opened, and holds the last half second for whoever reads late. One that gives nothing at all for three
 * seconds, not even silence, fails as unplugged. Not thread-safe.
 */
public final class Microphone implements AudioSource {
    private static final Duration HELD = Duration.ofMillis(500);

    private final TargetDataLine line;
    private final PcmFormat format;
    private final byte[] block = new byte[4_096];
    private final Stillness stillness;
    private boolean closed;

    Microphone(TargetDataLine line, PcmFormat format, Clock clock) throws IOException {
        this.line = line;
        this.format = format;
        this.stillness = new Stillness(clock);
        try {
            line.open(SoundDevices.format(format), (int) format.bytes(HELD));
        } catch (LineUnavailableException e) {
            throw SoundDevices.unavailable("microphone", format, e);
        }
        line.start();
    }

    /**
     * Opens the system's microphone.
     *
     * @throws IOException in one sentence, if there is none, it is in use, or it cannot do this rate
     */
    public static Microphone open(PcmFormat format) throws IOException {
        return open(format, null);
    }

    /**
     * Opens a microphone by its name.
     *
     * @param name part of one of {@link #names()}, in any case; null for the system's choice
     */
    public static Microphone open(PcmFormat format, @Nullable String name) throws IOException {
        return new Microphone(
                SoundDevices.line(TargetDataLine.class, "microphone", format, name), format, Clock.system());
    }

    /** The microphones that there are. */
    public static List<String> names() {
        return SoundDevices.names(TargetDataLine.class);
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (closed) {
            return -1;
        }
        if (!line.isOpen()) {
            throw gone();
        }
        int available = line.available();
        // a microphone gives silence too: nothing at all is no microphone
        if (stillness.tooLong(available > 0)) {
            throw gone();
        }
        int there = Math.min(Math.min(available, target.remaining()), block.length);
        int got = there < 2 ? 0 : line.read(block, 0, there - there % PcmFormat.BYTES_PER_SAMPLE);
        target.put(block, 0, got);
        return got;
    }

    private static IOException gone() {
        return new IOException("the microphone is gone: it was unplugged, or taken by the system");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            line.stop();
            line.close();
        }
    }
}
