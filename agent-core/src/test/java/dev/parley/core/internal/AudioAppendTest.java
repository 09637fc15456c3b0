package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioAppendTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 766, 767, 768, 769, 770, 1535, 1536, 1537, 4_800, 100_001})
    void isTheBase64OfAllTheBytes(int bytes) {
        byte[] pcm = new byte[bytes];
        new Random(bytes).nextBytes(pcm);
        assertThat(AudioAppend.of(ByteBuffer.wrap(pcm))).isEqualTo(expected(pcm));
    }

    @Test
    void readsAnyBufferBetweenItsPositionAndLimitAndMovesNeither() {
        byte[] pcm = new byte[2_000];
        new Random(1).nextBytes(pcm);
        ByteBuffer direct = ByteBuffer.allocateDirect(2_005).position(3);
        direct.put(pcm).limit(2_003).position(3);
        ByteBuffer slice = ByteBuffer.allocate(2_005).position(3).slice();
        slice.put(pcm).flip();
        for (ByteBuffer buffer : new ByteBuffer[] {direct, slice, slice.asReadOnlyBuffer()}) {
            int position = buffer.position();
            assertThat(AudioAppend.of(buffer)).isEqualTo(expected(pcm));
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(buffer.remaining()).isEqualTo(2_000);
        }
    }

    private static String expected(byte[] pcm) {
        return "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}";
    }
}
