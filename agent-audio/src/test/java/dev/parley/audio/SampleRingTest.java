package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleRingTest {
    private final SampleRing ring = new SampleRing();

    @Test
    void whateverIsAddedAndLetGoOfEachSampleKeepsItsPlace() {
        Random random = new Random(3);
        for (int round = 0; round < 3_000; round++) {
            int count = random.nextInt(9_000);
            ByteBuffer samples = Pcm.ramp((int) ring.end(), count);
            ring.add(samples, count);
            assertThat(samples.hasRemaining()).isFalse();
            if (random.nextInt(20) == 0) {
                ring.dropFrom(ring.start() + random.nextInt((int) (ring.end() - ring.start()) + 1));
            }
            int most = random.nextInt(10) == 0 ? 400_000 : 30_000;
            long keep = random.nextInt(most);
            if (ring.end() - ring.start() > keep) {
                ring.dropBefore(ring.end() - keep);
            }
            for (long place = ring.start(); place < ring.end(); ) {
                ByteBuffer part = ring.from(place, ring.end());
                assertThat(part.hasRemaining()).isTrue();
                while (part.hasRemaining()) {
                    assertEquals(place, part.getShort());
                    place++;
                }
            }
            if (ring.end() > ring.start()) {
                assertEquals(ring.end() - 1, ring.get(ring.end() - 1));
            }
        }
    }

    @Test
    void samplesCanBeChangedAndPutTogetherFromBytes() {
        ring.add((byte) 0x34, (byte) 0xF2);
        assertThat(ring.get(0)).isEqualTo((short) 0xF234);
        ring.set(0, (short) -2);
        assertThat(ring.get(0)).isEqualTo((short) -2);
    }

    private static void assertEquals(long place, short sample) {
        if (sample != (short) place) {
            throw new AssertionError("at " + place + " is " + sample);
        }
    }
}
