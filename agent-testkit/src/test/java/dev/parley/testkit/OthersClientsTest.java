package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that Parley did not write hold a conversation with the rehearsal server, since a server that only its own client
 * understands proves nothing. Skipped where Node is not installed, unless {@code PARLEY_REQUIRE_NODE} is set.
 */
class OthersClientsTest {
    private static final Path HOME = Path.of("src/it/node");
    private static final boolean REQUIRED = System.getenv("PARLEY_REQUIRE_NODE") != null;

    @TempDir
    Path logs;

    @Test
    void openAisOwnClientHoldsTheClinicsConversation() throws Exception {
        if (!installed("node") || !installed("npm")) {
            String why = "Node and npm are not installed: OpenAI's own client was not tried";
            assertThat(REQUIRED).as(why).isFalse();
            System.err.println("notice: " + why);
            abort(why);
        }
        run(List.of("npm", "ci", "--no-fund", "--no-audit"));
        try (RehearsalServer server = RehearsalServer.builder()
                .script(Script.loadResource("rehearsals/reception.yaml"))
                .apiKey("sk-rehearsal")
                .speed(10)
                .start()) {
            String said = run(List.of("node", "clinic.mjs", server.url().toString()));

            assertThat(said).matches("(?s)\\d+ events\\s*");
            RehearsalAssertions.assertThat(server).passed();
            assertThat(server.connection(0).credentialCarrier()).isEqualTo("header");
        }
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

    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = logs.resolve("out");
        Path err = logs.resolve("err");
        Process process = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended && process.exitValue() == 0)
                .as("%s\n%s\n%s", String.join(" ", command), Files.readString(out), Files.readString(err))
                .isTrue();
        return Files.readString(out);
    }
}
