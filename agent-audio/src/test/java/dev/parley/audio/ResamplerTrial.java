package dev.parley.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a resampler of any make does to sines, sweeps and pairs of tones, in the band that it should keep and beyond it.
 *
 * <p>All signals stand one after the other in one stream, at half of full scale. Only the middle of each is measured, where no filter
 * sees its edges. What is beyond the band should vanish; there is nothing beyond it where the
 * rate goes up, and what is wrong there are images, which show beside the signals in the band.
 *
 * <p>Sweeps take their time: a fast one holds several frequencies within the length of a filter, whose small errors then add up to
 * more than it makes of any one of them.
 */
final class ResamplerTrial {

    /** All in dB. The first is of the signal's own level, the others are the largest sample over the signal's. */
    record Result(
            double level,
            double sineImages,
            double sineAliases,
            double sweepImages,
            double sweepAliases,
            double tonesImages,
            double tonesAliases) {

        static final Result NONE = new Result(0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING);

        Result worse(Result other) {
            return new Result(
                    Math.max(level, other.level),
                    Math.max(sineImages, other.sineImages),
                    Math.max(sineAliases, other.sineAliases),
                    Math.max(sweepImages, other.sweepImages),
                    Math.max(sweepAliases, other.sweepAliases),
                    Math.max(tonesImages, other.tonesImages),
                    Math.max(tonesAliases, other.tonesAliases));
        }
    }

    private static final double NOTHING = -300;
    private static final double TONE_SECONDS = 0.4;
    private static final double SWEEP_SECONDS = 2;
    private static final double EDGE_SECONDS = 0.1;
    private static final double LEVEL = 0.5;

    /** Beyond every band: it may be quieter there, but must leave nothing else. */
    private static final double NEARLY = 0.97;

    private static final double[] SINES = {0.01, 0.25, 0.5, 0.7, 0.8, 0.9};

    /** Where between the lower Nyquist rate and the higher one, as shares of the way. */
    private static final double[] SINES_BEYOND = {0, 0.02, 0.1, 0.3, 0.7, 0.99};

    /** One signal: the sum of tones, or a sweep from one frequency to the other. */
    private record Signal(List<Double> hertz, boolean sweep, boolean kept) {

        double seconds() {
            return sweep ? SWEEP_SECONDS : TONE_SECONDS;
        }

        double at(double seconds) {
            if (sweep) {
                return LEVEL * Math.sin(sweepPhase(hertz.get(0), hertz.get(1), seconds));
            }
            double sum = 0;
            for (double each : hertz) {
                sum += Math.sin(2 * Math.PI * each * seconds);
            }
            return LEVEL * sum / hertz.size();
        }
    }

    private final int from;
    private final int to;
    /** Of the band, in hertz. */
    private final double edge;

    private final List<Signal> signals = new ArrayList<>();

    /** @param band the share of the lower Nyquist rate that should be kept as it is */
    ResamplerTrial(int from, int to, double band) {
        this.from = from;
        this.to = to;
        double nyquist = Math.min(from, to) / 2.0;
        this.edge = band * nyquist;
        for (double share : SINES) {
            if (share <= band) {
                keep(false, share * nyquist);
            }
        }
        keep(true, 20.0, edge);
        if (from < to && band < NEARLY) {
            // its image lies right above the lower Nyquist rate, and nothing in the band has one there
            signals.add(new Signal(List.of(NEARLY * nyquist), false, true));
        }
        // where distortions that come of two tones together would lie within the band
        keep(false, 0.88 * edge, 0.98 * edge);
        if (from > to) {
            double room = from / 2.0 - nyquist;
            for (double share : SINES_BEYOND) {
                signals.add(new Signal(List.of(nyquist + share * room), false, false));
            }
            signals.add(new Signal(List.of(nyquist, nyquist + 0.99 * room), true, false));
            signals.add(new Signal(List.of(nyquist + 0.1 * room, nyquist + 0.35 * room), false, false));
        }
    }

    private void keep(boolean sweep, Double... hertz) {
        signals.add(new Signal(List.of(hertz), sweep, true));
    }

    /** The stream to be resampled. */
    double[] input() {
        double seconds = 0;
        for (Signal signal : signals) {
            seconds += signal.seconds();
        }
        double[] input = new double[samples(seconds, from)];
        int at = 0;
        for (Signal signal : signals) {
            int count = samples(signal.seconds(), from);
            for (int i = 0; i < count; i++) {
                input[at++] = signal.at(i / (double) from);
            }
        }
        return input;
    }

    /** @param output what became of {@link #input}, its first sample at the time of the input's first */
    Result measure(double[] output) {
        Result result = Result.NONE;
        int edge = samples(EDGE_SECONDS, to);
        int at = 0;
        for (Signal signal : signals) {
            int count = samples(signal.seconds(), to);
            result = result.worse(measure(signal, Arrays.copyOfRange(output, at + edge, at + count - edge)));
            at += count;
        }
        return result;
    }

    private static int samples(double seconds, int rate) {
        return (int) Math.round(seconds * rate);
    }

    private Result measure(Signal signal, double[] middle) {
        if (!signal.kept) {
            double loudest = decibels(loudest(middle));
            return signal.sweep
                    ? new Result(0, NOTHING, NOTHING, NOTHING, loudest, NOTHING, NOTHING)
                    : signal.hertz.size() == 1
                            ? new Result(0, NOTHING, loudest, NOTHING, NOTHING, NOTHING, NOTHING)
                            : new Result(0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, loudest);
        }
        if (signal.sweep) {
            for (int i = 0; i < middle.length; i++) {
                middle[i] -= signal.at(EDGE_SECONDS + i / (double) to);
            }
            return new Result(0, NOTHING, NOTHING, decibels(loudest(middle)), NOTHING, NOTHING, NOTHING);
        }
        double[] levels = takeOut(signal.hertz, middle);
        double rest = decibels(loudest(middle));
        double level = 0;
        for (double each : levels) {
            level = Math.max(level, Math.abs(20 * Math.log10(each * signal.hertz.size() / LEVEL)));
        }
        if (signal.hertz.get(0) > edge) {
            level = 0;
        }
        return signal.hertz.size() == 1
                ? new Result(level, rest, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
                : new Result(level, NOTHING, NOTHING, NOTHING, NOTHING, rest, NOTHING);
    }

    /** Takes the tones out of some samples, by least squares. @return the level of each */
    private double[] takeOut(List<Double> hertz, double[] samples) {
        int n = 2 * hertz.size();
        double[][] equations = new double[n][n + 1];
        double[] basis = new double[n];
        for (int i = 0; i < samples.length; i++) {
            fill(basis, hertz, i);
            for (int r = 0; r < n; r++) {
                for (int c = 0; c < n; c++) {
                    equations[r][c] += basis[r] * basis[c];
                }
                equations[r][n] += basis[r] * samples[i];
            }
        }
        double[] solution = solve(equations);
        for (int i = 0; i < samples.length; i++) {
            fill(basis, hertz, i);
            for (int r = 0; r < n; r++) {
                samples[i] -= solution[r] * basis[r];
            }
        }
        double[] levels = new double[hertz.size()];
        for (int h = 0; h < levels.length; h++) {
            levels[h] = Math.hypot(solution[2 * h], solution[2 * h + 1]);
        }
        return levels;
    }

    private void fill(double[] basis, List<Double> hertz, int i) {
        for (int h = 0; h < hertz.size(); h++) {
            double angle = 2 * Math.PI * hertz.get(h) * i / to;
            basis[2 * h] = Math.sin(angle);
            basis[2 * h + 1] = Math.cos(angle);
        }
    }

    /** By Gauss and Jordan; the sums of squares on the diagonal are by far the largest. */
    private static double[] solve(double[][] equations) {
        int n = equations.length;
        for (int pivot = 0; pivot < n; pivot++) {
            for (int r = 0; r < n; r++) {
                double factor = r == pivot ? 0 : equations[r][pivot] / equations[pivot][pivot];
                for (int c = pivot; c <= n && factor != 0; c++) {
                    equations[r][c] -= factor * equations[pivot][c];
                }
            }
        }
        double[] solution = new double[n];
        for (int r = 0; r < n; r++) {
            solution[r] = equations[r][n] / equations[r][r];
        }
        return solution;
    }

    /**
     * A sweep that stands at its first frequency while it is not measured, goes to the last, and stands there. It sets out and
     * arrives without a jerk, since a jerk holds every frequency.
     */
    private static double sweepPhase(double first, double last, double seconds) {
        double span = SWEEP_SECONDS - 2 * EDGE_SECONDS;
        double u = Math.max(0, Math.min(1, (seconds - EDGE_SECONDS) / span));
        // the integral of u - sin(2πu) / 2π
        double way = u * u / 2 + (Math.cos(2 * Math.PI * u) - 1) / (4 * Math.PI * Math.PI);
        double after = Math.max(0, seconds - EDGE_SECONDS - span);
        return 2 * Math.PI * (first * seconds + (last - first) * (span * way + after));
    }

    private static double loudest(double[] samples) {
        double loudest = 0;
        for (double sample : samples) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }

    private static double decibels(double sample) {
        return 20 * Math.log10(sample / LEVEL + 1e-15);
    }
}
