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
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * 12,000 arguments on the boundaries of the schemas' keywords, and one step over them. The generator knows which is which;
 * a validator of JSON Schema and the binder must both say the same, and a refusal must name the place.
 */
class BoundaryAgreementTest {
    private static final int SAMPLES = 12_000;

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    record Guest(
            @Size(min = 2, max = 5) String name,
            @Min(0) @Max(120) int age,
            Optional<@Email String> email) {}

    record Visit(
            @JsonProperty("for") @NotEmpty List<Guest> guests,
            Day day,
            Optional<@Pattern(regexp = "yes|no") String> urgent,
            @AssertTrue boolean agreed) {}

    sealed interface Pet {}

    record Cat(@Positive int lives) implements Pet {}

    record Dog(@Size(max = 3) String name) implements Pet {}

    static final class Tools {
        @Tool
        void text(@Size(min = 1, max = 8) String v) {}

        @Tool
        void blank(@NotBlank String v) {}

        @Tool
        void code(@Pattern(regexp = "[A-Z]{2}\\d{4}") String v) {}

        @Tool
        void either(@Pattern(regexp = "yes|no") String v) {}

        @Tool
        void smallNumbers(byte a, short b, int c, long d) {}

        @Tool
        void bounds(@Min(-3) @Max(7) int v, @Negative long w, @PositiveOrZero Integer x) {}

        @Tool
        void decimals(
                @DecimalMin(value = "0.5", inclusive = false) @DecimalMax("99.5") BigDecimal v,
                @DecimalMin("-1.25") @DecimalMax(value = "1.25", inclusive = false) BigDecimal w) {}

        @Tool
        void list(@Size(min = 1, max = 3) List<@Size(min = 1, max = 2) String> v) {}

        @Tool
        void array(@Size(max = 2) int[] v) {}

        @Tool
        void days(@NotEmpty Set<Day> v) {}

        @Tool
        void map(@Size(min = 1, max = 2) Map<String, @Positive Integer> v) {}

        @Tool
        void keys(Map<Day, @Max(3) Integer> v) {}

        @Tool
        void texts(@Email String a, UUID b, LocalDate c, Instant d, Duration e, YearMonth f) {}

        @Tool
        void optional(Optional<@Max(5) Integer> v, @P(defaultValue = "2") @Min(1) int w) {}

        @Tool
        void visit(Visit v) {}

        @Tool
        void pet(Pet v) {}

        @Tool
        void trip(MadeBeansTest.Trip v) {}

        @Tool
        void move(MadeBeansTest.Move v) {}

        @Tool
        void room(MadeBeansTest.Room v) {}
    }

    @Test
    void onEitherSideOfEveryKeywordSchemaAndBinderAgree() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        Toolbox toolbox =
                Toolbox.builder().tools(new Tools()).executor(Runnable::run).build();
        List<ToolDefinition> definitions = toolbox.definitions();
        List<String> disagreements = new ArrayList<>();
        Map<String, int[]> sides = new TreeMap<>();
        int samples = 0;
        for (ToolDefinition definition : definitions) {
            Schema schema = registry.getSchema(definition.parametersJson(), InputFormat.JSON);
            BoundarySamples source = new BoundarySamples(mapper.readTree(definition.parametersJson()));
            for (int i = 0; i <= SAMPLES / definitions.size(); i++) {
                samples++;
                BoundarySamples.Sample sample = source.next(i);
                boolean permitted = schema.validate(
                                sample.arguments(),
                                InputFormat.JSON,
                                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                        .isEmpty();
                ToolResult result = toolbox.call(ToolCall.of(definition.name(), sample.arguments()))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                boolean inside = sample.keyword() == null;
                boolean named = inside || names(mapper.readTree(result.output()), String.valueOf(sample.path()));
                if (permitted != inside || result.ok() != inside || !named) {
                    disagreements.add(
                            definition.name() + " " + sample + " permitted: " + permitted + " -> " + result.output());
                }
            }
            source.sides().forEach((keyword, counts) -> {
                int[] all = sides.computeIfAbsent(keyword, any -> new int[2]);
                all[0] += counts[0];
                all[1] += counts[1];
                assertThat(counts).as(definition.name() + " " + keyword).doesNotContain(0);
            });
        }

        assertThat(disagreements).isEmpty();
        assertThat(samples).isGreaterThanOrEqualTo(SAMPLES);
        assertThat(sides.keySet())
                .containsExactly(
                        "additionalProperties",
                        "const",
                        "enum",
                        "exclusiveMaximum",
                        "exclusiveMinimum",
                        "format",
                        "maxItems",
                        "maxLength",
                        "maxProperties",
                        "maximum",
                        "minItems",
                        "minLength",
                        "minProperties",
                        "minimum",
                        "pattern",
                        "propertyNames",
                        "required",
                        "type",
                        "uniqueItems");
        assertThat(sides.values()).allMatch(counts -> counts[0] >= 40 && counts[1] >= 40);
    }

    private static boolean names(JsonNode output, String path) {
        for (JsonNode violation : output.path("error").path("violations")) {
            if (violation.path("argument").asText().equals(path)) {
                return true;
            }
        }
        return false;
    }
}
