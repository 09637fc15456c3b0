package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages show is what the tests run: each Java snippet is a region of a test, to the letter, and each link leads
 * somewhere.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentationTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TESTS = PROJECT.resolve("docs/src/test/java/dev/parley/docs");
    private static final Pattern FENCE = Pattern.compile(
            "(?:<!-- snippet: (\\w+)#([\\w-]+) -->\\R)?^```java\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+) -->\\R(.*)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

    Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"));
                Stream<Path> root = Files.list(PROJECT)) {
            Stream.concat(docs, root)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
        }
        return pages.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everySnippetIsARegionOfATest(Path page) throws IOException {
        Matcher fence = FENCE.matcher(Files.readString(page));
        while (fence.find()) {
            assertThat(fence.group(1))
                    .as("a snippet of %s without its marker:\n%s", page.getFileName(), fence.group(3))
                    .isNotNull();
            assertThat(fence.group(3))
                    .as("the snippet %s#%s in %s", fence.group(1), fence.group(2), page.getFileName())
                    .isEqualTo(region(fence.group(1), fence.group(2)));
        }
    }

    /** An end that is missing would turn text into code, and the other way round, to the end of the page. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyFenceIsClosed(Path page) throws IOException {
        String open = null;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                assertThat(open == null || line.equals("```"))
                        .as("in %s the block of %s ends before %s begins", page.getFileName(), open, line)
                        .isTrue();
                open = open == null ? line : null;
            }
        }
        assertThat(open).as("the last block of %s", page.getFileName()).isNull();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyMarkerHasItsSnippet(Path page) throws IOException {
        Matcher marker = MARKER.matcher(Files.readString(page));
        while (marker.find()) {
            assertThat(marker.group(2))
                    .as("what follows the marker %s in %s", marker.group(1), page.getFileName())
                    .isEqualTo("```java");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            assertThat(page.resolveSibling(link.group(1)))
                    .as("a link of %s", page.getFileName())
                    .exists();
        }
    }

    @Test
    void thereArePages() throws IOException {
        assertThat(pages()).hasSizeGreaterThan(5);
    }

    /** The lines between {@code // region name} and {@code // endregion}, without their common indentation. */
    private static String region(String test, String name) {
        try {
            List<String> lines = new ArrayList<>();
            boolean inside = false;
            for (String line : Files.readAllLines(TESTS.resolve(test + ".java"))) {
                if (line.strip().equals("// region " + name)) {
                    inside = true;
                } else if (inside && line.strip().equals("// endregion")) {
                    return String.join("\n", lines).stripIndent().stripTrailing() + "\n";
                } else if (inside) {
                    lines.add(line);
                }
            }
            throw new AssertionError("no region " + name + " in " + test);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
