package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An open loudspeaker: the microphone hears the agent and nobody else, through a room. The room is computed, not recorded: the direct way,
 * 150 ms late and 20 dB quieter, eight reflections of the walls, and a tail of scattered ones that falls by 60 dB within 400 ms.
 */
class EchoTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);

    private final EchoedCall call = new EchoedCall(FORMAT);

    @Test
    void underHalfDuplexWithATailAsLongAsTheRoomsTheServerHearsNothingOfTheAgent() throws IOException {
        Playback playback = play(BargeIn.halfDuplex().tail(Duration.ofMillis(600)));
        assertThat(call.sent()).containsOnly(0);
        assertThat(playback.counters().unplayed()).isZero();
        assertThat(playback.microphoneOpen()).isTrue();
    }

    @Test
    void underPushToTalkNeither() throws IOException {
        play(BargeIn.pushToTalk());
        assertThat(call.sent()).containsOnly(0);
    }

    @Test
    void underPoliciesForOtherLinesItHearsTheEchoAndALocalDetectorTakesItForTheCaller() throws IOException {
        Playback playback = play(BargeIn.local(EnergySpeechDetector.create()));
        assertThat(call.interruptedAtMillis()).isNotEmpty();
        assertThat(playback.counters().unplayed()).isPositive();
    }

    /** The 200 ms that it has unless told otherwise cover the way; what the room still answers is too quiet for a detector. */
    @Test
    void underHalfDuplexAsItIsWhatIsLeftIsBelowMinusFiftyDecibels() throws IOException {
        play(BargeIn.halfDuplex());
        assertThat(call.loudest()).isBetween(-100.0, -50.0);
    }

    @Test
    void whereTheServerDecidesItHearsTheEcho() throws IOException {
        play(BargeIn.serverDriven());
        assertThat(call.loudest()).isGreaterThan(-36);
    }

    private Playback play(BargeIn policy) throws IOException {
        Random room = new Random(11);
        int[] delays = new int[309];
        double[] gains = new double[309];
        for (int i = 0; i < delays.length; i++) {
            double millis = i == 0 ? 0 : i < 9 ? 2 + 3.5 * i : 35 + 365 * room.nextDouble();
            double spread = i == 0 ? 1 : i < 9 ? 0.5 : 0.2;
            delays[i] = (int) ((150 + millis) * FORMAT.sampleRate() / 1_000);
            gains[i] = 0.1 * spread * Math.pow(10, -3 * millis / 400) * (i > 0 && room.nextBoolean() ? -1 : 1);
        }
        return call.play(new EchoPath(call, delays, gains), policy);
    }
}
