package dev.parley.samples.clinic.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.PcmFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Time here is samples: ten a second, so the pause of 300 ms is three of them. */
class CallerTest {
    private static final PcmFormat FORMAT = new PcmFormat(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Test
    void speaksAShortPauseAfterTheGreetingWasHeard() {
        Caller caller = new Caller(FORMAT, List.of(says(1, 2)), true, PATIENCE);
        assertThat(hear(caller, 5)).containsExactly(0, 0, 0, 0, 0);

        caller.agentReplies(() -> Duration.ofSeconds(1));
        assertThat(hear(caller, 30)).containsOnly(0);
        caller.agentFinished();

        assertThat(hear(caller, 7)).containsExactly(0, 0, 0, 1, 2, 0, 0);
    }

    @Test
    void speaksFirstWhereNobodyGreets() {
        Caller caller = new Caller(FORMAT, List.of(says(1, 2)), false, PATIENCE);

        assertThat(hear(caller, 6)).containsExactly(0, 0, 0, 1, 2, 0);
    }

    @Test
    void waitsForEachReplyAndIsFinishedWhenTheLastWasHeard() {
        Caller caller = new Caller(FORMAT, List.of(says(1), says(2)), false, PATIENCE);
        hear(caller, 4);
        assertThat(hear(caller, 10)).containsOnly(0);
        caller.agentFinished();
        assertThat(hear(caller, 5)).containsExactly(0, 0, 0, 2, 0);
        assertThat(caller.finished().toCompletableFuture()).isNotDone();

        caller.agentFinished();

        assertThat(caller.finished().toCompletableFuture()).isCompleted();
        assertThat(caller.unanswered()).isZero();
        assertThat(hear(caller, 5)).containsOnly(0);
    }

    @Test
    void cutsInOnceEnoughOfTheReplyWasHeard() {
        AtomicReference<Duration> heard = new AtomicReference<>(Duration.ZERO);
        Caller caller =
                new Caller(FORMAT, List.of(new Line(pcm(1, 2), Duration.ofMillis(1500)), says(3)), true, PATIENCE);
        caller.agentReplies(heard::get);
        heard.set(Duration.ofMillis(1499));
        assertThat(hear(caller, 30)).containsOnly(0);

        heard.set(Duration.ofMillis(1500));

        assertThat(hear(caller, 3)).containsExactly(1, 2, 0);
    }

    @Test
    void theEndOfAReplyThatWasCutOffIsNoAnswerToWhatCutItOff() {
        Caller caller =
                new Caller(FORMAT, List.of(new Line(pcm(1, 2, 3), Duration.ofMillis(100)), says(4)), true, PATIENCE);
        caller.agentReplies(() -> Duration.ofMillis(100));
        assertThat(hear(caller, 1)).containsExactly(1);

        caller.agentFinished();

        assertThat(hear(caller, 8)).containsExactly(2, 3, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void goesOnWithoutAReplyWhenPatienceEnds() {
        Caller caller = new Caller(FORMAT, List.of(says(1)), true, PATIENCE);

        assertThat(hear(caller, 25)).endsWith(1, 0).containsOnlyOnce(1);
        hear(caller, 20);

        assertThat(caller.unanswered()).isEqualTo(2);
        assertThat(caller.finished().toCompletableFuture()).isCompleted();
    }

    private static Line says(int... samples) {
        return Line.afterTheReply(pcm(samples));
    }

    private static ByteBuffer pcm(int... samples) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(samples).forEach(sample -> pcm.putShort((short) sample));
        return pcm.flip();
    }

    private static int[] hear(Caller caller, int samples) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(caller.read(pcm)).isEqualTo(2 * samples);
        pcm.flip();
        int[] heard = new int[samples];
        for (int i = 0; i < samples; i++) {
            heard[i] = pcm.getShort();
        }
        return heard;
    }
}
