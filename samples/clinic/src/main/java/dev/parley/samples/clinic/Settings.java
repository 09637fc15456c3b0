package dev.parley.samples.clinic;

import dev.parley.audio.WavFile;
import dev.parley.core.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the program is to do: the command line, checked.
 *
 * @param provider the service to call; null for the rehearsal, whose server is started first
 * @param script the rehearsal's script; null for the sample's own
 * @param lines what the caller says, where it is not the script or a microphone that decides
 * @param typed what the caller writes; null where there is a call with a voice
 * @param databaseUrl holds a password perhaps, so it is never shown
 */
record Settings(
        @Nullable Provider provider,
        @Nullable Path script,
        List<WavFile> lines,
        boolean microphone,
        @Nullable TypedLines typed,
        Path out,
        String databaseUrl) {

    /**
     * Checks a command line.
     *
     * @param environment gives a variable's value, or null
     * @throws UsageException with the one sentence that the user should read
     */
    static Settings of(Options options, UnaryOperator<@Nullable String> environment) {
        options.refuseEmptyValues();
        Provider provider = new Service(options, environment).provider();
        if (provider == null) {
            refuseForRehearsal(options);
        } else {
            requireOneCaller(options, provider);
        }
        if (options.script != null && Files.isDirectory(options.script)) {
            throw new UsageException(
                    "The script " + options.script + " is a folder: name the YAML file in it that you want.");
        }
        if (options.script != null && !Files.isReadable(options.script)) {
            throw new UsageException(
                    "The script " + options.script + " cannot be read: name a YAML file that is there.");
        }
        return new Settings(
                provider,
                options.script,
                provider == null ? List.of() : lines(options.audio),
                options.mic,
                options.text.isEmpty() ? null : TypedLines.of(options.text),
                folder(options),
                databaseUrl(options, environment));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Settings[" + (provider == null ? "rehearsal" : provider) + ", out=" + out + "]";
    }

    private static void refuseForRehearsal(Options options) {
        String stray = !options.audio.isEmpty()
                ? "--audio"
                : !options.text.isEmpty()
                        ? "--text"
                        : options.mic
                                ? "--mic"
                                : options.url != null
                                        ? "--url"
                                        : options.model != null
                                                ? "--model"
                                                : options.apiKeyEnv != null ? "--api-key-env" : null;
        if (stray != null) {
            throw new UsageException(
                    stray + " is not for the rehearsal, which follows its script: choose a provider with it.");
        }
    }

    private static void requireOneCaller(Options options, Provider provider) {
        if (options.script != null) {
            throw new UsageException("--script is for the rehearsal: leave it out, or leave --provider out.");
        }
        boolean takesText = provider.dialect().takesText();
        if (!options.text.isEmpty() && !takesText) {
            throw new UsageException(provider.name() + " takes no text turns: use --audio or --mic instead of --text.");
        }
        int callers = (options.mic ? 1 : 0) + (options.audio.isEmpty() ? 0 : 1) + (options.text.isEmpty() ? 0 : 1);
        if (callers > 1) {
            throw new UsageException("Only one caller can speak: give one of --audio FILE, --mic and --text.");
        }
        if (callers == 0) {
            throw new UsageException("Somebody must speak: give "
                    + (takesText ? "--audio FILE, --mic or --text." : "either --audio FILE or --mic."));
        }
        if (!options.text.isEmpty() && options.out != null) {
            throw new UsageException("--out is for calls with a voice: a conversation in writing leaves no files.");
        }
    }

    private static List<WavFile> lines(List<Path> files) {
        List<WavFile> lines = new ArrayList<>();
        for (Path file : files) {
            WavFile line;
            try {
                line = WavFile.open(file);
            } catch (IOException e) {
                throw UsageException.because("--audio cannot be used", e);
            }
            if (line.frames() == 0) {
                throw new UsageException(
                        "--audio cannot be used: " + file + " has no samples in it: name a recording of somebody.");
            }
            lines.add(line);
        }
        return List.copyOf(lines);
    }

    private static Path folder(Options options) {
        Path folder = options.out == null ? Home.folder().resolve("call") : options.out;
        return options.text.isEmpty() ? writable(folder) : folder;
    }

    private static Path writable(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UsageException("--out cannot be used: " + folder + " cannot be made a folder: name another.");
        }
        if (!Files.isWritable(folder)) {
            throw new UsageException("--out cannot be used: " + folder + " cannot be written to: name another.");
        }
        return folder;
    }

    private static String databaseUrl(Options options, UnaryOperator<@Nullable String> environment) {
        if (options.db != null) {
            return options.db;
        }
        String fromEnvironment = environment.apply("CLINIC_DB_URL");
        return fromEnvironment == null || fromEnvironment.isBlank()
                ? "jdbc:h2:mem:clinic-" + UUID.randomUUID()
                : fromEnvironment;
    }
}
