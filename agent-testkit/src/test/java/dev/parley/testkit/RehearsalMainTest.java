package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearsalMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private @Nullable RehearsalServer start(String... args) {
        return RehearsalMain.start(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void servesAScriptAndPrintsItsUrl(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("s.yaml"), "{turns: [{hear: a, responses: [{say: b}]}]}");

        try (RehearsalServer server = start("--script", script.toString(), "--port", "0", "--dialect", "swaram")) {
            assertThat(server).isNotNull();
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(server.url() + System.lineSeparator());
            try (BareClient client = BareClient.ready(server)) {
                client.await("session.updated");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --port 80            | no script: name one with --script FILE; see --help
                    --script             | --script needs a value; see --help
                    --script a --port x  | --port must be a number from 0 to 65535, not x
                    --script a --port -1 | --port must be a number from 0 to 65535, not -1
                    --script a --dialect azure | the dialect azure is not known: use --dialect swaram or --dialect openai
                    --verbose            | the option --verbose is not known; see --help
                    --verbose yes        | the option --verbose is not known; see --help
                    --script /none.yaml  | cannot read the script /none.yaml: name a UTF-8 text file that is there
                    """)
    void whatIsWrongIsOneSentence(String args, String sentence) {
        assertThat(start(args.split(" "))).isNull();

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(sentence + System.lineSeparator());
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void helpNamesTheOptions() {
        assertThat(start("--help")).isNull();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(RehearsalMain.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
