package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.Tool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments are one JSON object, without a name twice at any depth, and numbers keep every digit. */
class StrictJsonTest {
    static final class Tools {
        @Tool
        String any(JsonNode v) {
            return v.toString();
        }
    }

    private final Toolbox toolbox =
            Toolbox.builder().tools(new Tools()).executor(Runnable::run).build();

    private ToolResult call(String arguments) {
        return toolbox.call(ToolCall.of("any", arguments)).toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"v\":1,\"v\":2}",
                "{\"v\":null,\"v\":null}",
                "{\"v\":{\"a\":[{\"b\":1,\"b\":1}]}}",
                "{\"v\":1",
                "{\"v\":[1,}",
                "{\"v\":}",
                "{\"v\":1}}",
                "{\"v\":1} x",
                "{'v':1}",
                "{\"v\":01}",
                "{\"v\":NaN}",
                "{\"v\":1,}",
                "{v:1}",
            })
    void whatIsNotStrictlyOneValueIsInvalid(String arguments) {
        assertThat(call(arguments).errorCode()).isEqualTo("invalid_json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "9223372036854775807",
                "9223372036854775808",
                "-12345678901234567890123",
                "0.10000000000000000000000000001",
                "[true,false,null,\"x\",{},[]]",
            })
    void valuesComeThroughWhole(String value) {
        assertThat(call("{\"v\":" + value + "}").output())
                .isEqualTo("{\"ok\":true,\"result\":\"" + value.replace("\"", "\\\"") + "\"}");
    }
}
