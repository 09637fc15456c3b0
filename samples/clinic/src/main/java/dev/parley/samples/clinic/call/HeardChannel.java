package dev.parley.samples.clinic.call;

import dev.parley.audio.PcmFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares one channel of a recording with what should have been heard on it, sample for sample: recordings one after
 * the other, each whole or up to where it was cut, and digital silence between.
 */
final class HeardChannel {
    /** After a cut the voice fades out, in some ms. */
    private static final Duration LONGEST_FADE = Duration.ofMillis(20);

    private final ByteBuffer channel;
    private final PcmFormat format;

    /**
     * @param channel PCM16 little-endian
     */
    HeardChannel(ByteBuffer channel, PcmFormat format) {
        this.channel = channel.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.format = format;
    }

    /**
     * Passes over silence and then over a recording.
     *
     * @param pcm16 what should be there: PCM16 little-endian
     * @param cutAfter so much of it was heard, then it fades; null if it was heard whole
     * @return where it differs, in words; empty if it does not
     */
    Optional<String> passOver(ByteBuffer pcm16, @Nullable Duration cutAfter) {
        ByteBuffer expected = pcm16.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        // silence around a recording cannot be told from the silence between two
        trim(expected);
        passOverSilence();
        long count = expected.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        if (cutAfter != null) {
            int leading = (expected.position() - pcm16.position()) / PcmFormat.BYTES_PER_SAMPLE;
            // a duration is rounded down to the nanosecond, so the very last sample may belong to the fade
            count = Math.min(count, format.samples(cutAfter) - leading - 1);
        }
        for (long i = 0; i < count; i++) {
            if (!channel.hasRemaining()) {
                return Optional.of("ends " + millis(count - i) + " ms too early");
            }
            if (channel.getShort() != expected.getShort()) {
                return Optional.of("differs after " + millis(i) + " ms");
            }
        }
        return cutAfter == null ? Optional.empty() : passOverFade();
    }

    /** Passes over silence. @return where there is sound after all, in words */
    Optional<String> endsInSilence() {
        passOverSilence();
        return channel.hasRemaining()
                ? Optional.of("goes on with " + millis(channel.remaining() / PcmFormat.BYTES_PER_SAMPLE)
                        + " ms that nobody said")
                : Optional.empty();
    }

    private Optional<String> passOverFade() {
        long most = format.samples(LONGEST_FADE);
        int silentInARow = 0;
        for (long i = 0; channel.hasRemaining(); i++) {
            silentInARow = channel.getShort() == 0 ? silentInARow + 1 : 0;
            if (silentInARow > most) {
                return Optional.empty();
            }
            if (i - silentInARow > most) {
                return Optional.of("is not silent " + LONGEST_FADE.toMillis() + " ms after it was cut");
            }
        }
        return Optional.empty();
    }

    private void passOverSilence() {
        while (channel.remaining() >= PcmFormat.BYTES_PER_SAMPLE && channel.getShort(channel.position()) == 0) {
            channel.position(channel.position() + PcmFormat.BYTES_PER_SAMPLE);
        }
    }

    private static void trim(ByteBuffer pcm16) {
        while (pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE && pcm16.getShort(pcm16.position()) == 0) {
            pcm16.position(pcm16.position() + PcmFormat.BYTES_PER_SAMPLE);
        }
        while (pcm16.remaining() >= PcmFormat.BYTES_PER_SAMPLE
                && pcm16.getShort(pcm16.limit() - PcmFormat.BYTES_PER_SAMPLE) == 0) {
            pcm16.limit(pcm16.limit() - PcmFormat.BYTES_PER_SAMPLE);
        }
    }

    private long millis(long samples) {
        return format.duration(samples).toMillis();
    }
}
