package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parley.core.event.ToolDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the schema permits binds, and what it forbids is refused: 10,000 arguments, made from the schemas and spoiled at
 * random, put to a validator of JSON Schema and to the binder. The validator asserts formats.
 */
class SchemaAgreementTest {
    private static final int SAMPLES = 300;

    /** Constraints that JSON Schema has no word for: there the binder may be the stricter one. */
    private static final Set<String> IN_WORDS = Set.of(
            "aBigDecimal", // its digits
            "amount", // what its creator says
            "currency",
            "digits",
            "emailOfAHouse",
            "future",
            "futureOrPresent",
            "minOfText",
            "positiveText",
            "decimalMaxOfText",
            "past",
            "pastOrPresent",
            "dateTime", // the days of a month
            "futureDate",
            "line",
            "locale",
            "lookBehind",
            "range",
            "trip",
            "trips",
            "wishes", // how many other names
            "zone");

    /** Their format is only a hint to the model, since JSON Schema's own demands an offset; the pattern is what holds. */
    private static final Set<String> FORMAT_IS_A_HINT = Set.of("time", "dateTime");

    private static final Map<String, List<String>> BY_FORMAT = Map.of(
            "date", List.of("2099-01-31", "2099-13-01", "2023-02-29", "soon"),
            "date-time",
                    List.of(
                            "2026-01-31T14:30:00Z",
                            "2026-01-31t14:30:00.5z",
                            "2026-01-31T14:30:00+05:30",
                            "2026-01-31T14:30:00+18:30",
                            "2026-01-31T14:30Z",
                            "2026-02-30T14:30:00Z",
                            "2026-01-31T14:30",
                            "2026-02-30T14:30",
                            "2026-01-31"),
            "time", List.of("14:30", "14:30:00Z", "14:30:00.25+05:30", "14:30Z", "24:00:00Z", "25:00"),
            "duration",
                    List.of("PT15M", "P1D", "P2W", "P1Y2M3D", "P1Y3D", "PT1H5S", "PT1.5S", "P1DT2H", "-P1D", "a while"),
            "email", List.of("a@b.com", "x", ""),
            "uuid", List.of("123e4567-e89b-12d3-a456-426614174000", "1-2-3"),
            "uri-reference", List.of("https://a.example/x", "../x", "https://a.example/ഡ", "a b"));

    private final Random random = new Random(20261121);
    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private final ObjectMapper mapper = new ObjectMapper();
    private JsonNode root = json.nullNode();

    @Test
    void validatorAndBinderAgree() throws Exception {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        Schema meta = registry.getSchema("{\"$ref\":\"" + SpecificationVersion.DRAFT_2020_12.getDialectId() + "\"}");
        Toolbox toolbox = Toolbox.of(
                new ScalarTypesTest.Tools(),
                new TimeTypesTest.Tools(),
                new ContainerTypesTest.Tools(),
                new BeanTypesTest.Tools(),
                new EachConstraintTest.Tools(),
                new MadeBeansTest.Tools());
        int accepted = 0;
        int refused = 0;
        List<String> disagreements = new ArrayList<>();
        for (ToolDefinition definition : toolbox.definitions()) {
            assertThat(meta.validate(definition.parametersJson(), InputFormat.JSON))
                    .isEmpty();
            Schema schema = registry.getSchema(definition.parametersJson(), InputFormat.JSON);
            boolean assertFormats = !FORMAT_IS_A_HINT.contains(definition.name());
            root = mapper.readTree(definition.parametersJson());
            for (int i = 0; i < SAMPLES; i++) {
                String arguments = sample(root, 0).toString();
                boolean permitted = schema.validate(
                                arguments,
                                InputFormat.JSON,
                                context -> context.executionConfig(
                                        config -> config.formatAssertionsEnabled(assertFormats)))
                        .isEmpty();
                ToolResult result = toolbox.call(ToolCall.of(definition.name(), arguments))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                accepted += result.ok() ? 1 : 0;
                refused += result.ok() ? 0 : 1;
                boolean stricterInWords = permitted && IN_WORDS.contains(definition.name());
                boolean refusedAsSuch = result.ok() || "invalid_arguments".equals(result.errorCode());
                if (!refusedAsSuch || (permitted != result.ok() && !stricterInWords)) {
                    disagreements.add(definition.name() + " " + arguments + " permitted: " + permitted + " -> "
                            + result.output());
                }
            }
        }

        assertThat(disagreements).isEmpty();
        assertThat(accepted + refused).isGreaterThanOrEqualTo(10_000);
        assertThat(accepted).isGreaterThan(2_500);
        assertThat(refused).isGreaterThan(2_500);
    }

    private JsonNode sample(JsonNode schema, int depth) {
        if (depth > 0 && random.nextInt(12) == 0) {
            return spoiled();
        }
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().substring("#/$defs/".length());
            return sample(root.path("$defs").path(name), depth);
        }
        if (schema.has("anyOf")) {
            return sample(any(schema.path("anyOf")), depth);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.has("enum")) {
            return any(schema.path("enum"));
        }
        JsonNode type = schema.path("type").isArray() ? any(schema.path("type")) : schema.path("type");
        return switch (type.asText()) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer", "number" -> number(schema);
            case "boolean" -> json.booleanNode(random.nextBoolean());
            case "null" -> json.nullNode();
            case "string" -> json.textNode(text(schema));
            default -> spoiled();
        };
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = json.objectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (random.nextInt(10) > 0) {
                object.set(property.getKey(), sample(property.getValue(), depth + 1));
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            object.set("key", sample(schema.path("additionalProperties"), depth + 1));
        }
        if (schema.has("propertyNames")) {
            object.set(text(schema.path("propertyNames")), sample(schema.path("additionalProperties"), depth + 1));
        }
        if (random.nextInt(15) == 0) {
            object.put("unknown", 1);
        }
        return object;
    }

    private JsonNode array(JsonNode schema, int depth) {
        ArrayNode array = json.arrayNode();
        int size = depth > 6 ? 0 : random.nextInt(3);
        for (int i = 0; i < size; i++) {
            array.add(sample(schema.path("items"), depth + 1));
        }
        return array;
    }

    /** On a bound, one beside it, or anywhere. */
    private JsonNode number(JsonNode schema) {
        List<BigDecimal> bounds = new ArrayList<>();
        for (String keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.has(keyword)) {
                bounds.add(schema.path(keyword).decimalValue());
            }
        }
        if (bounds.isEmpty() || random.nextInt(3) == 0) {
            return random.nextInt(5) == 0
                    ? json.numberNode(new BigDecimal("2.5"))
                    : json.numberNode(random.nextInt(100));
        }
        BigDecimal bound = bounds.get(random.nextInt(bounds.size()));
        return json.numberNode(bound.add(BigDecimal.valueOf(random.nextInt(3) - 1)));
    }

    private String text(JsonNode schema) {
        List<String> texts = new ArrayList<>(List.of(
                "",
                " ",
                "x",
                "😀",
                "AB1234",
                "ഡോ. അനിത",
                "INR",
                "2026-01",
                "14:30",
                "ml-IN",
                "--02-30",
                "--04-30",
                "+05:30",
                "+5"));
        List<String> formatted = BY_FORMAT.get(schema.path("format").asText());
        if (formatted != null) {
            return formatted.get(random.nextInt(formatted.size()));
        }
        texts.add("2026-01-31T14:30");
        return texts.get(random.nextInt(texts.size()));
    }

    /** A value of another kind. No string that holds a number, which is one of the lenient readings. */
    private JsonNode spoiled() {
        return switch (random.nextInt(6)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(true);
            case 2 -> json.numberNode(7);
            case 3 -> json.textNode("seven");
            case 4 -> json.arrayNode().add("x");
            default -> json.objectNode().put("x", 1);
        };
    }

    private JsonNode any(JsonNode array) {
        return array.get(random.nextInt(array.size()));
    }
}
