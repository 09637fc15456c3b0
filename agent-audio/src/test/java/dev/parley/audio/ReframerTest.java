package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReframerTest {
    private final List<byte[]> frames = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {2, 640, 960, 1_024, 4_800})
    void anyChunksGiveTheSameFrames(int frameBytes) {
        byte[] all = Pcm.bytes(Pcm.ramp(0, 5_000));
        Random random = new Random(7);
        Reframer reframer = new Reframer(frameBytes, Reframer.Tail.SEND_SHORT);
        for (int at = 0; at < all.length; ) {
            int chunk = Math.min(all.length - at, random.nextInt(7) == 0 ? 0 : random.nextInt(1_500));
            reframer.push(ByteBuffer.wrap(all, at, chunk), this::keep);
            at += chunk;
        }
        reframer.finish(this::keep);

        assertThat(frames.subList(0, frames.size() - 1)).allMatch(frame -> frame.length == frameBytes);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        frames.forEach(joined::writeBytes);
        assertThat(joined.toByteArray()).isEqualTo(all);
    }

    @Test
    void oneByteAtATimeIsCarriedAndNeverShifted() {
        Reframer reframer = new Reframer(4, Reframer.Tail.DROP);
        for (byte each : Pcm.bytes(Pcm.ramp(300, 5))) {
            reframer.push(ByteBuffer.wrap(new byte[] {each}), this::keep);
        }
        assertThat(reframer.carried()).isEqualTo(2);
        assertThat(frames).extracting(Pcm::samples).containsExactly(new short[] {300, 301}, new short[] {302, 303});
    }

    @Test
    void theTailIsDroppedPaddedOrSentShortAsAsked() {
        ByteBuffer sevenBytes = Pcm.ramp(1, 4).limit(7);
        finished(Reframer.Tail.DROP, sevenBytes.duplicate());
        assertThat(frames).isEmpty();
        finished(Reframer.Tail.PAD, sevenBytes.duplicate());
        assertThat(frames).extracting(Pcm::samples).containsExactly(new short[] {1, 2, 3, 0, 0});
        frames.clear();
        finished(Reframer.Tail.SEND_SHORT, sevenBytes.duplicate());
        assertThat(frames).extracting(Pcm::samples).containsExactly(new short[] {1, 2, 3});
    }

    @Test
    void aFinishedOrResetStreamLeavesNothingForTheNext() {
        Reframer reframer = new Reframer(4, Reframer.Tail.PAD);
        reframer.push(ByteBuffer.wrap(new byte[] {9}), this::keep);
        reframer.finish(this::keep);
        reframer.push(ByteBuffer.wrap(new byte[] {9, 9, 9}), this::keep);
        reframer.reset();
        reframer.push(Pcm.ramp(5, 2), this::keep);
        assertThat(frames).extracting(Pcm::samples).containsExactly(new short[] {5, 6});
    }

    @Test
    void aFrameOfHalfSamplesIsRefused() {
        assertThatThrownBy(() -> new Reframer(641, Reframer.Tail.DROP))
                .hasMessage("a frame holds whole 16-bit samples: an even number of bytes above zero, not 641");
    }

    private void finished(Reframer.Tail tail, ByteBuffer bytes) {
        Reframer reframer = new Reframer(10, tail);
        reframer.push(bytes, this::keep);
        reframer.finish(this::keep);
    }

    private void keep(ByteBuffer frame) {
        frames.add(Pcm.bytes(frame));
    }
}
