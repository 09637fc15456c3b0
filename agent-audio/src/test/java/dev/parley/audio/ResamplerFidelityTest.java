package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each quality keeps its word between every two of the six rates, before rounding to 16 bits; and the page's table beside sox is what is
 * measured. sox's own columns are checked where a sox is installed.
 */
class ResamplerFidelityTest {
    private static final int[] RATES = {8_000, 16_000, 22_050, 24_000, 44_100, 48_000};
    /** They take some seconds each, and two tests look at them. */
    private static final Map<Resampler.Quality, Map<String, ResamplerTrial.Result>> RESULTS =
            new EnumMap<>(Resampler.Quality.class);

    private interface Way {
        double[] resampled(int from, int to, double[] input) throws IOException, InterruptedException;
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void aQualityIsFlatInItsBandAndCleanBesideIt(Resampler.Quality quality) throws Exception {
        double clean = clean(quality);
        results(quality).forEach((rates, result) -> {
            assertThat(result.level()).as(rates + "level").isLessThan(0.1);
            assertThat(result.sineImages()).as(rates + "images of sines").isLessThan(clean);
            assertThat(result.sineAliases()).as(rates + "aliases of sines").isLessThan(clean);
            assertThat(result.sweepImages()).as(rates + "what a sweep left").isLessThan(clean);
            assertThat(result.sweepAliases()).as(rates + "aliases of a sweep").isLessThan(clean);
            assertThat(result.tonesImages()).as(rates + "beside two tones").isLessThan(clean);
            assertThat(result.tonesAliases()).as(rates + "aliases of two tones").isLessThan(clean);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatComesOutIsTheFiltersValueRoundedToTheNearest(Resampler.Quality quality) {
        Resampler resampler = Resampler.between(new PcmFormat(24_000), new PcmFormat(16_000), quality);
        Random random = new Random(3);
        double[] input = new double[3_000];
        ByteBuffer pcm = ByteBuffer.allocate(6_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < input.length; i++) {
            short sample = (short) (5_000 * random.nextGaussian());
            input[i] = sample;
            pcm.putShort(sample);
        }
        double[] exact = resampler.unrounded(input);
        ByteBuffer out = ByteBuffer.allocate(4_000);
        resampler.push(pcm.flip(), out);
        assertThat(resampler.finish(out)).isTrue();
        short[] rounded = Pcm.samples(out.flip());
        assertThat(rounded).hasSameSizeAs(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat((double) rounded[i]).as("sample %s", i).isEqualTo(exact[i], within(0.5));
        }
    }

    @Test
    void theTableOfThePageIsWhatIsMeasured() throws Exception {
        List<ResamplerTrial.Result> worst = new ArrayList<>();
        for (Resampler.Quality quality : Resampler.Quality.values()) {
            worst.add(worst(results(quality)));
        }
        List<String> rows = new ArrayList<>();
        MEASURES.forEach((name, measure) -> rows.add(row(name, measure, worst)));
        assertThat(page(4)).isEqualTo(rows);
    }

    /** With {@code sox IN -r 16000 OUT}, and with {@code sox IN OUT rate -v 16000}; another version may differ by a decibel. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-v"})
    void theTableOfThePageTellsWhatSoxDoesToTheSameSignals(String quality) throws Exception {
        Assumptions.assumeTrue(soxIsHere(), "sox is not installed: apt-get install sox");
        ResamplerTrial.Result result = worst(measured((from, to, input) -> sox(from, to, input, quality), 0.9));
        List<String> page = page(6);
        int at = 0;
        for (Map.Entry<String, ToDoubleFunction<ResamplerTrial.Result>> each : MEASURES.entrySet()) {
            List<String> cells = cells(page.get(at++));
            double told = Double.parseDouble(cells.get(quality.isEmpty() ? 5 : 6)
                    .replace("dB", "")
                    .replace("−", "-")
                    .trim());
            double measured = each.getValue().applyAsDouble(result);
            assertThat(measured)
                    .as(each.getKey())
                    .isEqualTo(told, within(each.getKey().startsWith("level") ? 0.01 : 1));
        }
    }

    private static final Map<String, ToDoubleFunction<ResamplerTrial.Result>> MEASURES = new LinkedHashMap<>();

    static {
        MEASURES.put("level of sines and of two tones, at most off by", ResamplerTrial.Result::level);
        MEASURES.put("beside a sine", ResamplerTrial.Result::sineImages);
        MEASURES.put("beside two tones, their intermodulation included", ResamplerTrial.Result::tonesImages);
        MEASURES.put("a sweep, against the sweep as it should be", ResamplerTrial.Result::sweepImages);
        MEASURES.put("a sine beyond the lower Nyquist rate", ResamplerTrial.Result::sineAliases);
        MEASURES.put("two tones beyond it", ResamplerTrial.Result::tonesAliases);
        MEASURES.put("a sweep beyond it", ResamplerTrial.Result::sweepAliases);
    }

    /** The page's rows up to a column. */
    private static List<String> page(int columns) throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/audio.md"))) {
            if (MEASURES.keySet().stream().anyMatch(name -> line.startsWith("| " + name + " |"))) {
                List<String> cells = cells(line);
                assertThat(cells).as(line).hasSize(8);
                rows.add(String.join("|", cells.subList(0, columns + 1)) + "|");
            }
        }
        assertThat(rows).hasSameSizeAs(MEASURES.keySet());
        return rows;
    }

    private static List<String> cells(String row) {
        return List.of(row.split("\\|", -1));
    }

    private static String row(
            String name, ToDoubleFunction<ResamplerTrial.Result> measure, Iterable<ResamplerTrial.Result> results) {
        StringBuilder row = new StringBuilder("| " + name + " |");
        for (ResamplerTrial.Result result : results) {
            double value = measure.applyAsDouble(result);
            String told =
                    name.startsWith("level") ? String.format(Locale.ROOT, "%.3f", value) : "−" + Math.round(-value);
            row.append(' ').append(told).append(" dB |");
        }
        return row.toString();
    }

    private static Map<String, ResamplerTrial.Result> results(Resampler.Quality quality) throws Exception {
        if (!RESULTS.containsKey(quality)) {
            Way way = (from, to, input) -> Resampler.between(new PcmFormat(from), new PcmFormat(to), quality)
                    .unrounded(input);
            RESULTS.put(quality, measured(way, band(quality)));
        }
        return RESULTS.get(quality);
    }

    private static Map<String, ResamplerTrial.Result> measured(Way way, double band) throws Exception {
        Map<String, ResamplerTrial.Result> results = new LinkedHashMap<>();
        for (int from : RATES) {
            for (int to : RATES) {
                if (from != to) {
                    ResamplerTrial trial = new ResamplerTrial(from, to, band);
                    results.put(from + " to " + to + " Hz, ", trial.measure(way.resampled(from, to, trial.input())));
                }
            }
        }
        return results;
    }

    private static ResamplerTrial.Result worst(Map<String, ResamplerTrial.Result> results) {
        return results.values().stream().reduce(ResamplerTrial.Result.NONE, ResamplerTrial.Result::worse);
    }

    private static double band(Resampler.Quality quality) {
        return quality == Resampler.Quality.TELEPHONY ? 0.8 : 0.9;
    }

    private static double clean(Resampler.Quality quality) {
        return switch (quality) {
            case TELEPHONY -> -60;
            case SPEECH -> -80;
            case STUDIO -> -110;
        };
    }

    /** Floating point on both sides, so that sox rounds to 32 bits at most. */
    private double[] sox(int from, int to, double[] input, String quality) throws IOException, InterruptedException {
        Path in = folder.resolve("in.f64");
        Path out = folder.resolve("out.f64");
        ByteBuffer bytes = ByteBuffer.allocate(8 * input.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(input);
        Files.write(in, bytes.array());
        List<String> command =
                new ArrayList<>(List.of("sox", "-t", "f64", "-r", "" + from, "-c", "1", in.toString(), "-t", "f64"));
        if (quality.isEmpty()) {
            command.addAll(List.of("-r", "" + to, out.toString()));
        } else {
            command.addAll(List.of(out.toString(), "rate", quality, "" + to));
        }
        assertThat(run(command)).as("what sox says").isEmpty();
        ByteBuffer result = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        double[] samples = new double[result.remaining() / 8];
        result.asDoubleBuffer().get(samples);
        return samples;
    }

    private static boolean soxIsHere() throws InterruptedException {
        try {
            run(List.of("sox", "--version"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }
}
