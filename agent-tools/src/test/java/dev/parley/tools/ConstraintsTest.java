package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.event.ToolDefinition;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.validation.groups.Default;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where constraints may stand, what the model is told of them, and how what breaks them is named. */
class ConstraintsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    interface ByPhone {}

    static class Base<T> {
        @Valid
        public List<@NotNull T> guests = List.of();

        @NotNull
        public T host;

        Base(T host) {
            this.host = host;
        }
    }

    static class Named<T extends CharSequence> {
        @Size(min = 2)
        public T name;

        Named(T name) {
            this.name = name;
        }
    }

    static class Person extends Named<String> {
        Person() {
            super("");
        }
    }

    static class Party extends Base<Person> {
        Party() {
            super(new Person());
        }
    }

    record Seat(
            @JsonProperty("row_number") @Max(9) int row,
            @JsonProperty("side") @Pattern(regexp = "[LR]") String s) {}

    record Booking(
            @JsonProperty("the_seats") @NotEmpty List<Seat> seats,
            @Size(max = 1) Map<String, Seat> spare) {}

    @Size(min = 3)
    @Pattern(regexp = "[A-Z]+")
    @Target({ElementType.PARAMETER, ElementType.TYPE_USE, ElementType.FIELD})
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface Code {
        String message() default "must be a code";

        Class<?>[] groups() default {};

        Class<? extends jakarta.validation.Payload>[] payload() default {};
    }

    @Code
    @Size(max = 5)
    @ReportAsSingleViolation
    @Target({ElementType.PARAMETER, ElementType.TYPE_USE, ElementType.FIELD})
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface ShortCode {
        String message() default "must be 3 to 5 capital letters";

        Class<?>[] groups() default {};

        Class<? extends jakarta.validation.Payload>[] payload() default {};
    }

    record Order(@Max(value = 5, groups = ByPhone.class) int count, List<@ShortCode String> codes) {}

    static final class Tools {
        @Tool
        void party(Party v) {}

        @Tool
        void booking(@P(name = "booking_request", value = "") Booking request) {}

        @Tool
        void code(@ShortCode String v) {}

        @Tool
        void hyphens(@Pattern(regexp = "\\d{3}\\-\\d{4}") String v) {}

        @Tool
        void looseHyphen(@Pattern(regexp = "[\\w-.]+") String v) {}

        @Tool
        void dot(@Pattern(regexp = "a.c") String v) {}

        @Tool
        void choice(@Pattern(regexp = "a|b") String v) {}

        @Tool
        void anchored(@Pattern(regexp = "^\\d+$") String v) {}

        @Tool
        void flagged(@Pattern(regexp = "[a-z]+", flags = Pattern.Flag.CASE_INSENSITIVE) String v) {}

        @Tool
        void possessive(@Pattern(regexp = "a++b") String v) {}

        @Tool
        void shorthand(@Pattern(regexp = "\\p{L}+") String v) {}

        @Tool
        void twice(@Pattern(regexp = "a.*") @Pattern(regexp = ".*z") String v) {}

        @Tool
        void text(@Size(min = 2, max = 3) String v) {}

        @Tool
        void texts(List<@Size(min = 2, max = 3, message = "has the wrong length") String> v) {}

        @Tool
        void floats(
                @DecimalMin("0.7") @DecimalMax("0.1e1") float v,
                @DecimalMin(value = "0.1", inclusive = false) @DecimalMax(value = "0.7", inclusive = false) Float w,
                List<@DecimalMax(value = "0.1", message = "is too much") Float> x) {}

        @Tool
        void groups(
                @Size(max = 3) String v,
                @Size(max = 2, groups = ByPhone.class) String w,
                List<@Size(max = 1, groups = ByPhone.class) String> x,
                Order y) {}
    }

    private static Toolbox toolbox(Class<?>... groups) {
        return Toolbox.builder()
                .tools(new Tools())
                .groups(groups)
                .executor(Runnable::run)
                .build();
    }

    private static String schema(Toolbox toolbox, String tool) {
        return toolbox.definitions().stream()
                .filter(each -> each.name().equals(tool))
                .map(ToolDefinition::parametersJson)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode told(Toolbox toolbox, String tool, String path) throws Exception {
        return JSON.readTree(schema(toolbox, tool)).at(path);
    }

    private static String output(Toolbox toolbox, String tool, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(tool, arguments))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
    }

    private static String message(Toolbox toolbox, String tool, String arguments) throws Exception {
        return JSON.readTree(output(toolbox, tool, arguments))
                .at("/error/message")
                .asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "hyphens ; {'type':'string','pattern':'^\\\\d{3}-\\\\d{4}$'} ; 123-4567 ; 1234567",
                "looseHyphen ; {'type':'string','pattern':'^[\\\\w\\\\-.]+$'} ; a-b.c ; a b",
                "dot ; {'type':'string','pattern':'^a[^\\\\n\\\\r\\\\u0085\\\\u2028\\\\u2029]c$'} ; abc ; abcd",
                "choice ; {'type':'string','pattern':'^(?:a|b)$'} ; b ; ab",
                "anchored ; {'type':'string','pattern':'^\\\\d+$'} ; 12 ; 12x",
                "flagged ; {'type':'string','description':'Must match the regular expression [a-z]+'} ; aB ; a1",
                "possessive ; {'type':'string','description':'Must match the regular expression a++b'} ; aab ; aa",
                "shorthand ; {'type':'string','description':'Must match the regular expression \\\\p{L}+'} ; രധ ; 1",
                "twice ; {'type':'string','pattern':'^[^\\\\n\\\\r\\\\u0085\\\\u2028\\\\u2029]*z$',"
                        + "'allOf':[{'pattern':'^a[^\\\\n\\\\r\\\\u0085\\\\u2028\\\\u2029]*$'}]} ; abz ; ab",
            })
    void patternIsToldAsEcmaHasItOrInWords(String tool, String schema, String good, String bad) throws Exception {
        Toolbox toolbox = toolbox();

        assertThat(told(toolbox, tool, "/properties/v").toString()).isEqualTo(schema.replace('\'', '"'));
        assertThat(output(toolbox, tool, "{\"v\":\"" + good + "\"}")).isEqualTo("{\"ok\":true,\"result\":null}");
        assertThat(message(toolbox, tool, "{\"v\":\"" + bad + "\"}")).startsWith("v must match ");
    }

    @ParameterizedTest
    @CsvSource({
        "a😀, true",
        "😀, false",
        "😀😀, true",
        "😀😀😀, true",
        "😀😀😀😀, false",
        "ab, true",
        "a, false",
        "abcd, false"
    })
    void sizeOfATextCountsCodePointsAsTheSchemaDoes(String text, boolean passes) throws Exception {
        Toolbox toolbox = toolbox();
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema(toolbox, "text"), InputFormat.JSON);
        String arguments = "{\"v\":\"" + text + "\"}";

        assertThat(schema.validate(arguments, InputFormat.JSON).isEmpty()).isEqualTo(passes);
        assertThat(message(toolbox, "text", arguments)).isEqualTo(passes ? "" : "v size must be between 2 and 3");
        assertThat(message(toolbox, "texts", "{\"v\":[\"ok\",\"" + text + "\"]}"))
                .isEqualTo(passes ? "" : "v[1] has the wrong length");
    }

    /** The float 0.1 is 0.10000000149 as a double, which is what a validator compares, and 0.7 is 0.69999998. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "0.7 | 0.2 | 0.1 | ~~",
                "0.69 | 0.2 | 0.1 | v must be greater than or equal to 0.7",
                "1 | 0.1 | 0.1 | w must be greater than 0.1",
                "1.1 | 0.2 | 0.1 | v must be less than or equal to 0.1e1",
                "1 | 0.7 | 0.1 | w must be less than 0.7",
                "1 | 0.69 | 0.2 | x[0] is too much",
            })
    void floatsAreHeldAgainstTheirBoundsAsTheyAreWritten(String v, String w, String x, String message)
            throws Exception {
        Toolbox toolbox = toolbox();
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema(toolbox, "floats"), InputFormat.JSON);
        String arguments = "{\"v\":" + v + ",\"w\":" + w + ",\"x\":[" + x + "]}";

        assertThat(schema.validate(arguments, InputFormat.JSON).isEmpty()).isEqualTo(message.isEmpty());
        assertThat(message(toolbox, "floats", arguments)).isEqualTo(message);
    }

    @Test
    void placesOfTypeVariablesHoldTheirConstraints() throws Exception {
        Toolbox toolbox = toolbox();

        assertThat(told(toolbox, "party", "/properties/v/properties/guests/items/properties/name")
                        .toString())
                .isEqualTo("{\"type\":\"string\",\"minLength\":2}");
        assertThat(message(toolbox, "party", "{\"v\":{\"host\":{\"name\":\"A\"},\"guests\":[{\"name\":\"B\"}]}}"))
                .isEqualTo("v.guests[0].name size must be between 2 and 2147483647;"
                        + " v.host.name size must be between 2 and 2147483647");
        assertThat(message(toolbox, "party", "{\"v\":{\"host\":{\"name\":\"Al\"},\"guests\":[null]}}"))
                .isEqualTo("v.guests[0] must not be null");
    }

    @Test
    void violationsAreNamedAsJsonHasThem() throws Exception {
        assertThat(
                        message(
                                toolbox(),
                                "booking",
                                "{\"booking_request\":{\"the_seats\":[{\"row_number\":1,\"side\":\"L\"},"
                                        + "{\"row_number\":10,\"side\":\"M\"}],"
                                        + "\"spare\":{\"one\":{\"row_number\":11,\"side\":\"L\"},\"two\":{\"row_number\":1,\"side\":\"R\"}}}}"))
                .isEqualTo("booking_request.spare size must be between 0 and 1;"
                        + " booking_request.spare.one.row_number must be less than or equal to 9;"
                        + " booking_request.the_seats[1].row_number must be less than or equal to 9;"
                        + " booking_request.the_seats[1].side must match \"[LR]\"");
    }

    @Test
    void composedConstraintsAreToldInTheirPartsAndReportedAsTheySay() throws Exception {
        Toolbox toolbox = toolbox();

        assertThat(told(toolbox, "code", "/properties/v").toString())
                .isEqualTo("{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\",\"minLength\":3,\"maxLength\":5}");
        assertThat(message(toolbox, "code", "{\"v\":\"abcdefg\"}")).isEqualTo("v must be 3 to 5 capital letters");
    }

    @Test
    void onlyTheGroupsThatAreAskedForAreToldAndEnforced() throws Exception {
        String arguments =
                "{\"v\":\"long\",\"w\":\"long\",\"x\":[\"long\"],\"y\":{\"count\":6,\"codes\":[\"ABC\",\"long\"]}}";

        Toolbox usual = toolbox();
        assertThat(told(usual, "groups", "/properties").toString())
                .isEqualTo("{\"v\":{\"type\":\"string\",\"maxLength\":3},\"w\":{\"type\":\"string\"},"
                        + "\"x\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                        + "\"y\":{\"type\":\"object\",\"properties\":{"
                        + "\"count\":{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647},"
                        + "\"codes\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\","
                        + "\"minLength\":3,\"maxLength\":5}}},"
                        + "\"required\":[\"count\",\"codes\"],\"additionalProperties\":false}}");
        assertThat(message(usual, "groups", arguments))
                .isEqualTo("v size must be between 0 and 3; y.codes[1] must be 3 to 5 capital letters");

        Toolbox byPhone = toolbox(ByPhone.class);
        assertThat(told(byPhone, "groups", "/properties").toString())
                .isEqualTo("{\"v\":{\"type\":\"string\"},\"w\":{\"type\":\"string\",\"maxLength\":2},"
                        + "\"x\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":1}},"
                        + "\"y\":{\"type\":\"object\",\"properties\":{"
                        + "\"count\":{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":5},"
                        + "\"codes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
                        + "\"required\":[\"count\",\"codes\"],\"additionalProperties\":false}}");
        assertThat(message(byPhone, "groups", arguments))
                .isEqualTo("w size must be between 0 and 2; x[0] size must be between 0 and 1;"
                        + " y.count must be less than or equal to 5");

        assertThat(message(toolbox(ByPhone.class, Default.class), "groups", arguments))
                .isEqualTo("v size must be between 0 and 3; w size must be between 0 and 2;"
                        + " x[0] size must be between 0 and 1; y.codes[1] must be 3 to 5 capital letters;"
                        + " y.count must be less than or equal to 5");
    }
}
