package dev.parley.audio;

import dev.parley.audio.internal.SoundDevices;
import dev.parley.core.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;
import org.jspecify.annotations.Nullable;

/**
 * The machine's loudspeaker. It needs the {@code java.desktop} module; nothing else but {@link Microphone} does.
 *
 * <p>What was heard is as exact as the device tells its position; most are exact to a few milliseconds. One that plays nothing of what it has for
 * three seconds fails as unplugged. Not thread-safe.
 */
public final class Speaker implements AudioSink {
    /** Long enough to bridge a pause of the program, short enough to fall silent quickly where a flush is slow. */
    private static final Duration ROOM = Duration.ofMillis(200);

    /** With less than this some lines wait for more before they play it. */
    private static final Duration PENDING = Duration.ofMillis(100);

    private final SourceDataLine line;
    private final PcmFormat format;
    private final Stillness stillness;
    private final byte[] block = new byte[4_096];
    /** Samples played before the line's count was last set back, and where that count stood then. */
    private long playedBefore;

    private long countBefore;
    private long written;
    /** The last position that was told. */
    private long reached;

    /** Also set by another thread, which closes it under a call that waits. */
    private volatile boolean closed;

    Speaker(SourceDataLine line, PcmFormat format, Clock clock) throws IOException {
        this.line = line;
        this.format = format;
        this.stillness = new Stillness(clock);
        try {
            line.open(SoundDevices.format(format), (int) format.bytes(ROOM));
        } catch (LineUnavailableException e) {
            throw SoundDevices.unavailable("loudspeaker", format, e);
        }
        line.start();
        countBefore = line.getLongFramePosition();
    }

    /**
     * Opens the system's loudspeaker.
     *
     * @throws IOException in one sentence, if there is none, it is in use, or it cannot do this rate
     */
    public static Speaker open(PcmFormat format) throws IOException {
        return open(format, null);
    }

    /**
     * Opens a loudspeaker by its name.
     *
     * @param name part of one of {@link #names()}, in any case; null for the system's choice
     */
    public static Speaker open(PcmFormat format, @Nullable String name) throws IOException {
        return new Speaker(
                SoundDevices.line(SourceDataLine.class, "loudspeaker", format, name), format, Clock.system());
    }

    /** The loudspeakers that there are. */
    public static List<String> names() {
        return SoundDevices.names(SourceDataLine.class);
    }

    @Override
    public PcmFormat format() {
        return format;
    }

    @Override
    public int write(ByteBuffer pcm16) throws IOException {
        checkOpen();
        int taken = 0;
        while (true) {
            // a line waits for room only if it is given more than it says it has
            int room = Math.min(Math.min(line.available(), pcm16.remaining()), block.length);
            room -= room % PcmFormat.BYTES_PER_SAMPLE;
            if (room <= 0) {
                return taken;
            }
            pcm16.get(block, 0, room);
            int wrote = line.write(block, 0, room);
            pcm16.position(pcm16.position() - (room - wrote));
            written += wrote / PcmFormat.BYTES_PER_SAMPLE;
            taken += wrote;
            if (wrote < room) {
                return taken;
            }
        }
    }

    @Override
    public long played() throws IOException {
        checkOpen();
        long position = position();
        if (stillness.tooLong(position != reached || written - position < format.samples(PENDING))) {
            throw gone();
        }
        reached = position;
        return position;
    }

    private long position() {
        long now = playedBefore + line.getLongFramePosition() - countBefore;
        return Math.max(playedBefore, Math.min(now, written));
    }

    private static IOException gone() {
        return new IOException("the loudspeaker is gone: it was unplugged, or taken by the system");
    }

    @Override
    public long flush() throws IOException {
        checkOpen();
        line.stop();
        long at = position();
        line.flush();
        playedBefore = at;
        written = at;
        countBefore = line.getLongFramePosition();
        line.start();
        return at;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            line.stop();
            line.flush();
            line.close();
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the loudspeaker is closed");
        }
        if (!line.isOpen()) {
            throw gone();
        }
    }
}
