package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.event.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputContractTest {
    private final ClinicTools clinic = new ClinicTools();
    private final Toolbox toolbox = Toolbox.of(clinic);

    private String output(String name, String arguments) throws Exception {
        return output(toolbox, name, arguments);
    }

    private static String output(Toolbox toolbox, String name, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(name, arguments))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
    }

    @Test
    void tellsEachToolAsItIsNow() {
        List<ToolDefinition> definitions = toolbox.definitions();

        assertThat(definitions)
                .extracting(ToolDefinition::name)
                .containsExactly("book", "broken", "checkAvailability", "nothing");
        assertThat(definitions.get(2).parametersJson())
                .isEqualTo("{\"type\":\"object\",\"properties\":{"
                        + "\"doctor\":{\"type\":\"string\",\"description\":\"the doctor\",\"enum\":[\"Anitha\",\"Biju\"]},"
                        + "\"date\":{\"type\":\"string\",\"description\":\"the day. Must be today or later\","
                        + "\"format\":\"date\",\"pattern\":\"^\\\\d{4}-\\\\d{2}-\\\\d{2}$\"}},"
                        + "\"required\":[\"doctor\",\"date\"],\"additionalProperties\":false}");
        assertThat(definitions.get(0).parametersJson())
                .isEqualTo("{\"type\":\"object\",\"properties\":{"
                        + "\"phone\":{\"type\":\"string\",\"description\":\"phone, ten digits\",\"pattern\":\"^\\\\d{10}$\"},"
                        + "\"visit\":{\"type\":\"string\",\"enum\":[\"FIRST\",\"FOLLOW_UP\"]},"
                        + "\"guests\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
                        + "\"name\":{\"type\":\"string\",\"minLength\":1,\"pattern\":\"[^\\\\u0000-\\\\u0020]\"},"
                        + "\"age\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":2147483647}},"
                        + "\"required\":[\"name\",\"age\"],\"additionalProperties\":false},\"maxItems\":2},"
                        + "\"note\":{\"type\":[\"string\",\"null\"]}},"
                        + "\"required\":[\"phone\",\"visit\",\"guests\"],\"additionalProperties\":false}");
        assertThat(definitions.get(0).sensitivePaths()).containsExactly("phone");

        clinic.doctors = List.of("Chacko");

        assertThat(toolbox.definitions().get(2).parametersJson()).contains("\"enum\":[\"Chacko\"]");
    }

    @Test
    void answersWhatTheMethodReturned() throws Exception {
        String tomorrow = LocalDate.now(ZoneId.systemDefault()).plusDays(1).toString();

        assertThat(output("checkAvailability", "{\"doctor\":\"Biju\",\"date\":\"" + tomorrow + "\"}"))
                .isEqualTo("{\"ok\":true,\"result\":{\"doctor\":\"Biju\",\"date\":\"" + tomorrow
                        + "\",\"free\":[\"09:30:00\"]}}");
        assertThat(output("nothing", "")).isEqualTo("{\"ok\":true,\"result\":null}");
        assertThat(output(
                        "book",
                        "{\"phone\":\"൯൮൪൭൦൧൨൩൪൫\",\"visit\":\"FIRST\",\"guests\":[{\"name\":\"Anu\",\"age\":\"४\"}]}"))
                .isEqualTo("{\"ok\":true,\"result\":\"9847012345 FIRST [Guest[name=Anu, age=4]] -\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    nobody|{}|{"ok":false,"error":{"code":"unknown_tool",\
                    "message":"there is no tool named \\"nobody\\"; the tools are: book, broken, checkAvailability, nothing"}}
                    nothing|{"a|{"ok":false,"error":{"code":"invalid_json","message":"the arguments are not JSON \
                    (near character 4 of line 1); send one JSON object, and each name once"}}
                    nothing|{} {}|{"ok":false,"error":{"code":"invalid_json","message":"the arguments are not JSON \
                    (near character 4 of line 1); send one JSON object, and each name once"}}
                    nothing|[1]|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"the arguments must be one JSON object, not an array"}}
                    nothing|null|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"the arguments must be one JSON object, not null"}}
                    nothing|{"x":1}|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"x is not known here; there are no names to give",\
                    "violations":[{"argument":"x","problem":"is not known here; there are no names to give"}]}}
                    checkAvailability|{"doctor":"Zed","date":"2020-01-01"}|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"doctor must be one of: Anitha, Biju",\
                    "violations":[{"argument":"doctor","problem":"must be one of: Anitha, Biju"}]}}
                    checkAvailability|{"doctor":"Biju","date":"2020-01-01"}|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"date must be today or later",\
                    "violations":[{"argument":"date","problem":"must be today or later"}]}}
                    checkAvailability|{"doctor":7}|{"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"doctor must be a string, not a number; date is required",\
                    "violations":[{"argument":"doctor","problem":"must be a string, not a number"},\
                    {"argument":"date","problem":"is required"}]}}
                    book|{"phone":"12","visit":"FIRST","guests":[{"name":"A","age":1},{"name":" ","age":-1}]}|\
                    {"ok":false,"error":{"code":"invalid_arguments",\
                    "message":"phone must match \\"\\\\d{10}\\"; guests[1].age must be greater than or equal to 0; \
                    guests[1].name must not be blank",\
                    "violations":[{"argument":"phone","problem":"must match \\"\\\\d{10}\\""},\
                    {"argument":"guests[1].age","problem":"must be greater than or equal to 0"},\
                    {"argument":"guests[1].name","problem":"must not be blank"}]}}
                    book|{"phone":"0000000000","visit":"FIRST","guests":[]}|{"ok":false,"error":{"code":"failed",\
                    "message":"This number is blocked; offer to connect a person."}}
                    """)
    void refusesInTheExactWords(String name, String arguments, String expected) throws Exception {
        assertThat(output(name, arguments)).isEqualTo(expected);
    }

    @Test
    void keepsAnExceptionsTextFromTheModel() throws Exception {
        assertThat(output("broken", "{}"))
                .matches("\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"broken failed for a technical"
                        + " reason \\(incident [0-9a-f]{8}\\); do not say that it worked\"}}");
    }

    @Test
    void refusesWhatIsTooLargeBeforeParsingItWhole() throws Exception {
        assertThat(output("nothing", "{\"x\":\"" + "a".repeat(70_000)))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the arguments are larger than"
                        + " 64 KiB; send less\"}}");
        assertThat(output("nothing", "[".repeat(65)))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the arguments nest too deep,"
                        + " or hold too long a number\"}}");
        assertThat(output("nothing", "{\"x\":" + "9".repeat(2000) + "}"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the arguments nest too deep,"
                        + " or hold too long a number\"}}");
    }

    static final class Echo {
        @Tool
        int length(String text) {
            return text.length();
        }

        @Tool
        void any(Object value) {}
    }

    /** A text of one character's repetitions, so that the arguments have exactly so many bytes of UTF-8. */
    private static String argumentsOf(int bytes, String character) {
        String around = "{\"text\":\"\"}";
        int left = bytes - around.length();
        int width = character.getBytes(StandardCharsets.UTF_8).length;
        String text = character.repeat(left / width) + "a".repeat(left % width);
        String arguments = around.replace("\"\"", "\"" + text + "\"");
        assertThat(arguments.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
        return arguments;
    }

    /** Of one, two, three and four bytes; the last is two chars of Java's. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "ക", "😀"})
    void argumentsOf64KiBAreReadAndOneByteMoreIsTooMuch(String character) throws Exception {
        Toolbox echo = Toolbox.of(new Echo());

        assertThat(output(echo, "length", argumentsOf(65_536, character))).startsWith("{\"ok\":true,\"result\":");
        assertThat(output(echo, "length", argumentsOf(65_537, character)))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the arguments are larger than"
                        + " 64 KiB; send less\"}}");
    }

    @ParameterizedTest
    @CsvSource({"[,]", "{\"a\":,}"})
    void argumentsOf64LevelsAreReadAndOneMoreIsTooMuch(String open, String close) throws Exception {
        Toolbox echo = Toolbox.of(new Echo());

        assertThat(output(echo, "any", "{\"value\":" + open.repeat(63) + 1 + close.repeat(63) + "}"))
                .isEqualTo("{\"ok\":true,\"result\":null}");
        assertThat(output(echo, "any", "{\"value\":" + open.repeat(64) + 1 + close.repeat(64) + "}"))
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"too_large\",\"message\":\"the arguments nest too deep,"
                        + " or hold too long a number\"}}");
    }
}
