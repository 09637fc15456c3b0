package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An open loudspeaker in a room that was measured, where one is at hand: {@code -Dparley.room=} tells the file of its impulse response, 32-bit
 * floats at 44.1 kHz. None is here, since those that could be found may be used, but not be handed on under this project's licence.
 */
@Tag("room")
@EnabledIfSystemProperty(named = "parley.room", matches = ".+")
class MeasuredRoomTest {
    private static final PcmFormat FORMAT = new PcmFormat(24_000);
    /** Of the sound card and the air. */
    private static final Duration LATE = Duration.ofMillis(100);

    @ParameterizedTest
    @ValueSource(doubles = {0, 10, 20, 30})
    void halfDuplexWithTheRoomsTailNeverInterrupts(double loss) throws IOException {
        double[] room = response(Path.of(System.getProperty("parley.room")));
        System.out.printf(Locale.ROOT, "| %.0f dB |", loss);
        for (SpeechDetector detector :
                new SpeechDetector[] {EnergySpeechDetector.create(), WebRtcSpeechDetector.create()}) {
            EchoedCall local = new EchoedCall(FORMAT);
            local.play(echo(local, room, loss), BargeIn.local(detector));
            System.out.print(" " + local.interruptedAtMillis() + " |");
        }
        for (int tail : new int[] {200, 400, 600}) {
            EchoedCall call = new EchoedCall(FORMAT);
            Playback playback =
                    call.play(echo(call, room, loss), BargeIn.halfDuplex().tail(Duration.ofMillis(tail)));
            assertThat(playback.counters().unplayed()).isZero();
            System.out.printf(Locale.ROOT, " %.0f dB |", call.loudest());
            if (tail == 600) {
                assertThat(call.loudest()).isLessThan(-60);
            }
        }
        System.out.println();
    }

    private static EchoPath echo(EchoedCall call, double[] room, double loss) {
        return EchoPath.of(call, LATE, EchoPath.quieterBy(loss, room));
    }

    /** From 5 ms before the loudest sample on, 700 ms of it: what comes later is the measurement's own noise. */
    private static double[] response(Path file) throws IOException {
        FloatBuffer measured = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        int loudest = 0;
        for (int i = 0; i < measured.limit(); i++) {
            loudest = Math.abs(measured.get(i)) > Math.abs(measured.get(loudest)) ? i : loudest;
        }
        PcmFormat at = new PcmFormat(44_100);
        int samples = (int) at.samples(Duration.ofMillis(700));
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            float sample = measured.get(loudest - 220 + i) / Math.abs(measured.get(loudest));
            pcm.putShort((short) Math.round(30_000 * sample));
        }
        short[] resampled = Pcm.samples(Resampler.resample(at, FORMAT, pcm.flip()));
        double[] response = new double[resampled.length];
        for (int i = 0; i < response.length; i++) {
            response[i] = resampled[i];
        }
        return response;
    }
}
