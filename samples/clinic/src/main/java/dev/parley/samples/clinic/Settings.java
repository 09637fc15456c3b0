package dev.parley.samples.clinic;

import dev.parley.audio.WavFile;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
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
 * @param databaseUrl holds a password perhaps, so it is never shown
 */
record Settings(
        @Nullable Provider provider,
        @Nullable Path script,
        List<WavFile> lines,
        boolean microphone,
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
        boolean rehearsal = options.provider.equals("rehearsal");
        Provider provider = switch (options.provider) {
            case "rehearsal" -> null;
            case "swaram" -> swaram(options, environment);
            case "openai", "compatible" ->
                throw new UsageException(
                        "--provider " + options.provider + " is not there yet: choose rehearsal or swaram.");
            default ->
                throw new UsageException(
                        "--provider is rehearsal, swaram, openai or compatible, not " + options.provider + ".");
        };
        if (rehearsal) {
            refuseForRehearsal(options);
        } else {
            requireOneCaller(options);
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
                writable(options.out == null ? Home.folder().resolve("call") : options.out),
                databaseUrl(options, environment));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Settings[" + (provider == null ? "rehearsal" : provider) + ", out=" + out + "]";
    }

    private static Provider swaram(Options options, UnaryOperator<@Nullable String> environment) {
        if (!options.text.isEmpty()) {
            throw new UsageException("swaram takes no text turns: use --audio or --mic instead of --text.");
        }
        String variable = options.apiKeyEnv == null ? "SWARAM_API_KEY" : options.apiKeyEnv;
        String key = environment.apply(variable);
        if (key == null || key.isBlank()) {
            throw new UsageException("There is no key in " + variable
                    + ": set it, or name another environment variable with --api-key-env.");
        }
        Provider provider;
        try {
            provider = Swaram.simple(key.strip());
        } catch (IllegalArgumentException e) {
            throw UsageException.because("The key in " + variable + " cannot be used", e);
        }
        if (options.model != null) {
            provider = provider.model(options.model);
        }
        if (options.url != null) {
            provider = at(options.url, provider);
        }
        return provider;
    }

    private static Provider at(String url, Provider provider) {
        URI address;
        try {
            address = new URI(url);
        } catch (URISyntaxException e) {
            throw new UsageException("--url cannot be used: an endpoint looks like wss://host/path.");
        }
        try {
            return provider.endpoint(address);
        } catch (IllegalArgumentException e) {
            if ("ws".equalsIgnoreCase(address.getScheme()) && address.getHost() != null) {
                throw new UsageException("--url cannot be used: ws:// to " + address.getHost()
                        + " would send the key and the call unencrypted: use wss://.");
            }
            throw UsageException.because("--url cannot be used", e);
        }
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

    private static void requireOneCaller(Options options) {
        if (options.script != null) {
            throw new UsageException("--script is for the rehearsal: leave it out, or leave --provider out.");
        }
        if (options.mic && !options.audio.isEmpty()) {
            throw new UsageException("Only one caller can speak: give --audio FILE or --mic, not both.");
        }
        if (!options.mic && options.audio.isEmpty()) {
            throw new UsageException("Somebody must speak: give either --audio FILE or --mic.");
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
