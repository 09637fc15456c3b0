package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Clients that Parley did not write hold a conversation with the rehearsal server, since a server that only its own client
 * understands proves nothing. Skipped where Node is not installed, or npm reaches no registry to get them from, unless
 * {@code PARLEY_REQUIRE_NODE} is set.
 */
class OthersClientsTest {
    private static final Path HOME = Path.of("src/it/node");
    private static final boolean REQUIRED = System.getenv("PARLEY_REQUIRE_NODE") != null;

    /** What npm ends with when it is the network that failed: it was not there, or did not answer. */
    private static final Pattern NO_NETWORK =
            Pattern.compile("npm (error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET"
                    + "|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\\b");

    @TempDir
    Path logs;

    @Test
    void openAisOwnClientHoldsTheClinicsConversation() throws Exception {
        needNode();
        install(HOME, Map.of());
        try (RehearsalServer server = RehearsalServer.builder()
                .script(Script.loadResource("rehearsals/reception.yaml"))
                .apiKey("sk-rehearsal")
                .speed(10)
                .start()) {
            Ended ended = run(
                    HOME, Map.of(), List.of("node", "clinic.mjs", server.url().toString()));

            assertThat(ended.well()).as(ended.toString()).isTrue();
            assertThat(ended.out()).matches("(?s)\\d+ events\\s*");
            RehearsalAssertions.assertThat(server).passed();
            assertThat(server.connection(0).credentialCarrier()).isEqualTo("header");
        }
    }

    /** It used to fail, as if the client did not understand the server. */
    @Test
    void whereNpmReachesNoRegistryNothingIsTriedAndThatIsTold(@TempDir Path home) throws Exception {
        needNode();
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(HOME.resolve(file), home.resolve(file));
        }
        Map<String, String> nowhere = Map.of(
                "npm_config_registry",
                "http://127.0.0.1:1/",
                "npm_config_cache",
                home.resolve("cache").toString());
        assertThatThrownBy(() -> install(home, nowhere))
                .isInstanceOf(REQUIRED ? AssertionError.class : TestAbortedException.class)
                .hasMessageContaining("npm reaches no registry (ECONNREFUSED): OpenAI's own client was not tried");
    }

    private void needNode() throws InterruptedException {
        if (!installed("node") || !installed("npm")) {
            notTried("Node and npm are not installed");
        }
    }

    private void install(Path home, Map<String, String> environment) throws IOException, InterruptedException {
        Ended ended = run(
                home,
                environment,
                List.of("npm", "ci", "--prefer-offline", "--no-fund", "--no-audit", "--fetch-retries=1"));
        Matcher network = NO_NETWORK.matcher(ended.err());
        if (!ended.well() && network.find()) {
            notTried("npm reaches no registry (" + network.group(2) + ")");
        }
        assertThat(ended.well()).as(ended.toString()).isTrue();
    }

    private static void notTried(String because) {
        String why = because + ": OpenAI's own client was not tried";
        assertThat(REQUIRED).as(why).isFalse();
        System.err.println("notice: " + why);
        abort(why);
    }

    private boolean installed(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(logs.resolve("version").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private record Ended(String command, boolean well, String out, String err) {}

    private Ended run(Path home, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = logs.resolve("out");
        Path err = logs.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        return new Ended(
                String.join(" ", command),
                ended && process.exitValue() == 0,
                Files.readString(out),
                Files.readString(err));
    }
}
