package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.event.ToolDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Tools of one argument, {@code v}, held against a table: for each its exact schema, a good value and what was bound, a bad
 * value and the exact message. The columns: tool, {@code required} or {@code optional}, schema (with what stands in
 * {@code $defs} after that word), good, bound, bad, message.
 */
final class OneArgument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Toolbox toolbox;

    OneArgument(Object toolObject) {
        this(Toolbox.builder().tools(toolObject).executor(Runnable::run).build());
    }

    OneArgument(Toolbox toolbox) {
        this.toolbox = toolbox;
    }

    /** A test for each line of a table, and one that the table has a line for each tool. */
    Stream<DynamicTest> assertEachLineOf(String table) throws IOException {
        List<List<String>> lines = lines(table);
        DynamicTest whole = dynamicTest("every tool has its line", () -> assertALineForEachTool(lines));
        return Stream.concat(
                Stream.of(whole),
                lines.stream()
                        .map(line -> dynamicTest(
                                line.get(0) + " takes " + line.get(3) + " and not " + line.get(5),
                                () -> assertToldAndBound(line))));
    }

    private static List<List<String>> lines(String table) throws IOException {
        try (InputStream in = OneArgument.class.getResourceAsStream(table)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        }
    }

    private void assertToldAndBound(List<String> line) throws Exception {
        assertThat(line).as("columns").hasSize(7);
        assertToldAndBound(line.get(0), line.get(1), line.get(2), line.get(3), line.get(4), line.get(5), line.get(6));
    }

    void assertToldAndBound(
            String tool, String presence, String schema, String good, String bound, String bad, String message)
            throws Exception {
        String[] told = schema.split(" \\$defs ", 2);
        String definitions = told.length == 1 ? "" : ",\"$defs\":" + told[1];
        assertThat(parameters(tool))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"v\":" + told[0] + "},"
                        + (presence.equals("required") ? "\"required\":[\"v\"]," : "")
                        + "\"additionalProperties\":false" + definitions + "}");
        assertThat(answer(tool, good)).isEqualTo(bound);
        assertThat(answer(tool, bad)).isEqualTo("invalid_arguments: " + message);
    }

    private void assertALineForEachTool(List<List<String>> lines) {
        assertThat(toolbox.definitions().stream().map(ToolDefinition::name).collect(Collectors.toSet()))
                .isEqualTo(lines.stream().map(line -> line.get(0)).collect(Collectors.toSet()));
    }

    /** The whole schema of a tool's arguments. */
    String parameters(String tool) {
        return definition(tool).parametersJson();
    }

    /** The schema of the one argument. */
    String schema(String tool) throws IOException {
        return JSON.readTree(parameters(tool)).at("/properties/v").toString();
    }

    ToolDefinition definition(String tool) {
        return toolbox.definitions().stream()
                .filter(each -> each.name().equals(tool))
                .findFirst()
                .orElseThrow();
    }

    /** The result as text, or the error's code and message. */
    String answer(String tool, String value) throws Exception {
        JsonNode output =
                JSON.readTree(toolbox.call(ToolCall.of(tool, value.equals("absent") ? "{}" : "{\"v\":" + value + "}"))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .output());
        return output.path("ok").booleanValue()
                ? output.path("result").asText()
                : output.at("/error/code").asText() + ": "
                        + output.at("/error/message").asText();
    }
}
