package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Recording;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallerAudioCheckTest {
    private static final Recording ONE = named("one.wav", tone(600));
    private static final Recording TWO =
            named("two.wav", tone(400).then(silence(40)).then(tone(300)));
    private static final Recording THREE = named("three.wav", tone(500));

    private final List<String> differences = new ArrayList<>();
    private final CallerAudioCheck check = new CallerAudioCheck(
            Script.named("lines")
                    .turn(Turn.hear("1").spokenAs(ONE).says("ok"))
                    .turn(Turn.hear("2").spokenAs(TWO).says("ok"))
                    .turn(Turn.hear("any").says("ok"))
                    .turn(Turn.hear("3").spokenAs(THREE).says("ok"))
                    .build(),
            0,
            differences::add);

    private static Recording tone(int millis) {
        return Recording.tone(Duration.ofMillis(millis));
    }

    private static Recording silence(int millis) {
        return Recording.silence(Duration.ofMillis(millis));
    }

    private static Recording named(String name, Recording recording) {
        return Recording.of(name, recording.samples());
    }

    private void turn(Recording recording) {
        check.onSamples(silence(200).then(recording).then(silence(500)).samples());
        check.onTurnHeard();
    }

    private static Recording changed(Recording recording, int millis) {
        short[] samples = recording.samples();
        samples[millis * Recording.SAMPLE_RATE / 1000]++;
        return Recording.of("changed", samples);
    }

    @Test
    void linesThatCameThroughWholeGiveNoDifference() {
        turn(ONE);
        turn(TWO);
        turn(tone(1_234));
        turn(THREE);
        check.onClosed();

        assertThat(differences).isEmpty();
    }

    @Test
    void howTheStreamIsCutDoesNotMatter() {
        for (Recording line : List.of(ONE, TWO)) {
            short[] samples = silence(200).then(line).then(silence(500)).samples();
            for (int from = 0; from < samples.length; from += 777) {
                check.onSamples(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + 777)));
            }
            check.onTurnHeard();
        }

        assertThat(differences).isEmpty();
    }

    @Test
    void oneSampleThatDiffersIsSaidWithItsTimeAndTheNextLineIsCheckedAgain() {
        turn(changed(ONE, 250));
        turn(changed(TWO, 3));

        int one = ONE.samples()[6_000];
        int two = TWO.samples()[72];
        assertThat(differences)
                .containsExactly(
                        "turn 1: the caller's audio differs from one.wav at 250.0 ms: " + (one + 1) + " instead of "
                                + one,
                        "turn 2: the caller's audio differs from two.wav at 3.0 ms: " + (two + 1) + " instead of "
                                + two);
    }

    @Test
    void aLostFrameIsFound() {
        short[] samples = ONE.samples();
        short[] shorter = new short[samples.length - 480];
        System.arraycopy(samples, 0, shorter, 0, 4_800);
        System.arraycopy(samples, 5_280, shorter, 4_800, shorter.length - 4_800);
        turn(Recording.of("shorter", shorter));

        assertThat(differences).hasSize(1);
        assertThat(differences.get(0)).startsWith("turn 1: the caller's audio differs from one.wav at 200.0 ms: ");
    }

    @Test
    void aLineCutShortIsFound() {
        turn(Recording.of("cut", Arrays.copyOf(ONE.samples(), 7_200)));

        assertThat(differences)
                .containsExactly("turn 1: the caller's audio differs from one.wav at 300.0 ms: 0 instead of "
                        + ONE.samples()[7_200]);
    }

    @Test
    void aLineThatGoesOnIsFound() {
        turn(ONE.then(tone(20)));

        assertThat(differences).containsExactly("turn 1: the caller's audio goes on after the end of one.wav");
    }

    @Test
    void whatIsTakenBackIsNotCompared() {
        check.onSamples(ONE.then(tone(20)).samples());
        check.onCleared();
        turn(ONE);

        assertThat(differences).isEmpty();
    }

    @Test
    void aStreamThatEndsWithinALineIsFound() {
        check.onSamples(Arrays.copyOf(ONE.samples(), 2_400));
        check.onClosed();

        assertThat(differences).containsExactly("turn 1: the caller's audio stops at 100.0 ms of one.wav");
    }

    @Test
    void aQuietEndOfARecordingMayComeAfterItsTurnWasHeard() {
        Recording quietEnd = Recording.of("quiet", filled(24_000, (short) 3));
        CallerAudioCheck quiet = new CallerAudioCheck(
                Script.named("quiet end")
                        .turn(Turn.hear("1")
                                .spokenAs(named("one.wav", tone(300).then(quietEnd)))
                                .says("ok"))
                        .turn(Turn.hear("2").spokenAs(TWO).says("ok"))
                        .build(),
                0,
                differences::add);
        quiet.onSamples(tone(300).samples());
        quiet.onSamples(filled(12_000, (short) 3));
        quiet.onTurnHeard();
        quiet.onSamples(filled(12_000, (short) 3));
        quiet.onSamples(silence(100).then(TWO).then(silence(500)).samples());
        quiet.onTurnHeard();
        quiet.onClosed();

        assertThat(differences).isEmpty();
    }

    @Test
    void aLineAfterAnUncheckedTurnThatNeverFellSilentIsSaidToHaveNoStart() {
        turn(ONE);
        turn(TWO);
        check.onSamples(filled(24_000, (short) 9));
        check.onTurnHeard();
        check.onSamples(THREE.samples());
        check.onTurnHeard();

        assertThat(differences).containsExactly("turn 4: no silence parts three.wav from what came before");
    }

    private static short[] filled(int count, short value) {
        short[] samples = new short[count];
        Arrays.fill(samples, value);
        return samples;
    }
}
