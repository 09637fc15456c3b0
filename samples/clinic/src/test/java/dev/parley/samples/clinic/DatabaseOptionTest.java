package dev.parley.samples.clinic;

import static dev.parley.samples.clinic.Run.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with the database, and the one sentence for each. */
class DatabaseOptionTest {
    @TempDir
    private Path folder;

    private String wav = "";

    @BeforeEach
    void recordALine() throws IOException {
        wav = Run.recordedLine(folder);
    }

    @Test
    void aDatabaseThatNoDriverKnows() {
        assertRefused(
                Run.of("--db", "jdbc:nobody:clinic", "--out", folder.toString()),
                "No call without the clinic's data: a database URL begins with jdbc:h2: or jdbc:postgresql:.");
    }

    @Test
    void aDatabaseInMemoryWithoutAName() {
        assertRefused(
                Run.of("--db", "jdbc:h2:mem:", "--out", folder.toString()),
                "No call without the clinic's data: a database in memory needs a name, as in jdbc:h2:mem:clinic, or each"
                        + " connection has its own.");
    }

    @Test
    void aDatabaseFileWhosePathIsRelative() {
        assertRefused(
                Run.of("--db", "jdbc:h2:file:relative;PASSWORD=secret", "--out", folder.toString()),
                "No call without the clinic's data: the database cannot be opened: A file path that is implicitly relative"
                        + " to the current working directory is not allowed in the database URL: Use an absolute path,"
                        + " ~/name, ./name, or the baseDir setting instead.");
    }

    @Test
    void aDatabaseUrlThatCannotBeReadIsNotShown() {
        assertRefused(
                Run.of("--db", "jdbc:postgresql://host:99999999/x?password=secret", "--out", folder.toString()),
                "No call without the clinic's data: the database cannot be opened: Unable to parse URL.");
    }

    @Test
    void aDatabaseFileThatCannotBeWrittenPrintsNoLogOfItsOwn() {
        PrintStream realErr = System.err;
        PrintStream realOut = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setErr(capture);
            System.setOut(capture);
            Run run = Run.of("--db", "jdbc:h2:/nowhere/../proc/x", "--out", folder.toString());

            assertThat(run.err()).startsWith("No call without the clinic's data: the database cannot be opened: ");
            run.assertOneSentence();
        } finally {
            System.setErr(realErr);
            System.setOut(realOut);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotAnswer() {
        Run run = Run.of(
                "--db", "jdbc:postgresql://127.0.0.1:9/clinic?user=asha&password=secret", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("No call without the clinic's data: the database cannot be opened: ")
                .doesNotContain("secret");
        run.assertOneSentence();
    }

    @Test
    void aDatabaseFileThatCannotBeMade() {
        Run run = Run.of("--db", "jdbc:h2:file:" + wav + "/clinic;PASSWORD=secret", "--out", folder.toString());

        assertThat(run.err())
                .startsWith("No call without the clinic's data: the database cannot be opened: ")
                .doesNotContain("secret");
        run.assertOneSentence();
    }
}
