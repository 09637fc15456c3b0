package dev.parley.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Arguments made from a schema that keep to every keyword, on its boundary where it has one, or step over one keyword by the
 * least that there is. It counts how often it stood on either side of each keyword.
 */
final class BoundarySamples {
    /** One of them is two UTF-16 units, which JSON Schema counts as one character. */
    private static final int[] LETTERS = "aZ9 മü-😀".codePoints().toArray();

    /** Texts that a format or a pattern takes, and texts that it just does not. */
    private static final Map<String, List<List<String>>> TEXTS = Map.of(
            "date", List.of(List.of("2099-01-31", "2028-02-29"), List.of("2099-01-32", "2027-02-29", "2099-13-01")),
            "date-time",
                    List.of(
                            List.of("2026-01-31T00:00:00Z", "2026-01-31T23:59:59+05:30"),
                            List.of("2026-01-31T24:00:01Z", "2026-01-31", "2026-01-31T12:00:00")),
            "duration", List.of(List.of("PT15M", "P1D", "PT0S"), List.of("PT", "15M", "P")),
            "email", List.of(List.of("a@b.com", "a.b@c.org"), List.of("", "a@", "@b.com", "ab.com")),
            "uuid",
                    List.of(
                            List.of("123e4567-e89b-12d3-a456-426614174000"),
                            List.of(
                                    "123e4567-e89b-12d3-a456-42661417400",
                                    "123e4567-e89b-12d3-a456-42661417400g",
                                    "123e4567-e89b-12d3-a456-4266141740000")),
            "^[A-Z]{2}\\d{4}$",
                    List.of(
                            List.of("AB1234", "ZZ0000"),
                            List.of("A1234", "AB123", "AB12345", "aB1234", "xAB1234", "AB1234\n")),
            "^[A-Z]+$", List.of(List.of("A", "KOCHI"), List.of("", "a", "A1", "A\n")),
            "^(?:yes|no)$", List.of(List.of("yes", "no"), List.of("yesno", "xyes", "nox", "")),
            "^\\d{4}-(0[1-9]|1[0-2])$", List.of(List.of("2026-01", "2026-12"), List.of("2026-00", "2026-13")),
            "[^\\u0000-\\u0020]", List.of(List.of("x", " x "), List.of(" ", "\t \n")));

    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private final JsonNode root;
    private final Map<String, int[]> sides = new TreeMap<>();
    private Random random = new Random();
    private final List<String> path = new ArrayList<>();
    private int met;
    private int crossing;
    private Sample over = new Sample("", null, null);

    /**
     * Arguments.
     *
     * @param keyword what they step over; null if nothing
     * @param path where
     */
    record Sample(
            String arguments,
            @Nullable String keyword,
            @Nullable String path) {}

    BoundarySamples(JsonNode root) {
        this.root = root;
    }

    /** How often the samples stood inside and outside of each keyword. */
    Map<String, int[]> sides() {
        return sides;
    }

    Sample next(long seed) {
        Map<String, int[]> before = copy();
        make(seed, -1);
        int keywords = met;
        sides.clear();
        sides.putAll(before);
        Random choice = new Random(mixed(~seed));
        int at = choice.nextInt(5) == 0 ? -1 : choice.nextInt(keywords);
        JsonNode arguments = make(seed, at);
        return new Sample(arguments.toString(), over.keyword(), over.path());
    }

    /** Seeds in a row give numbers in a row. */
    private static long mixed(long seed) {
        return new SplittableRandom(seed).nextLong();
    }

    private Map<String, int[]> copy() {
        Map<String, int[]> copy = new TreeMap<>();
        sides.forEach((keyword, counts) -> copy.put(keyword, counts.clone()));
        return copy;
    }

    private JsonNode make(long seed, int at) {
        random = new Random(mixed(seed));
        met = 0;
        crossing = at;
        over = new Sample("", null, null);
        path.clear();
        return value(root);
    }

    /** Whether this keyword is the one to step over. */
    private boolean crosses(String keyword, String below) {
        boolean crosses = met++ == crossing;
        sides.computeIfAbsent(keyword, any -> new int[2])[crosses ? 1 : 0]++;
        if (crosses) {
            String here = String.join("", path) + below;
            over = new Sample("", keyword, here.startsWith(".") ? here.substring(1) : here);
        }
        return crosses;
    }

    private JsonNode value(JsonNode schema) {
        if (schema.has("anyOf")) {
            return value(any(schema.path("anyOf")));
        }
        if (!path.isEmpty() && schema.has("type") && crosses("type", "")) {
            return otherThan(schema.path("type"));
        }
        if (schema.has("const")) {
            boolean crosses = crosses("const", "");
            JsonNode is = schema.path("const");
            return !crosses
                    ? is
                    : is.isBoolean() ? json.booleanNode(!is.booleanValue()) : json.textNode(is.asText() + "x");
        }
        if (schema.has("enum")) {
            boolean crosses = crosses("enum", "");
            JsonNode one = any(schema.path("enum"));
            return crosses ? json.textNode(one.asText() + "x") : one;
        }
        JsonNode type = schema.path("type").isArray() ? any(schema.path("type")) : schema.path("type");
        return switch (type.asText()) {
            case "object" -> schema.has("properties") ? bean(schema) : map(schema);
            case "array" -> array(schema);
            case "integer" -> number(schema, BigDecimal.ONE);
            case "number" -> number(schema, new BigDecimal("0.01"));
            case "boolean" -> json.booleanNode(random.nextBoolean());
            case "null" -> json.nullNode();
            case "string" -> json.textNode(text(schema));
            default -> throw new IllegalStateException("a type without samples: " + schema);
        };
    }

    /** A value of another type, which no lenient reading takes. */
    private JsonNode otherThan(JsonNode type) {
        String told = type.toString();
        List<JsonNode> others = new ArrayList<>();
        if (!told.contains("\"null\"")) {
            others.add(json.nullNode());
        }
        if (!told.contains("\"boolean\"")) {
            others.add(json.booleanNode(true));
        }
        if (!told.contains("\"array\"")) {
            others.add(json.arrayNode());
        }
        if (!told.contains("\"object\"")) {
            others.add(json.objectNode());
        }
        if (told.contains("\"string\"")) {
            others.add(json.numberNode(7));
        } else {
            others.add(json.textNode("seven"));
        }
        if (told.contains("\"integer\"")) {
            others.add(json.numberNode(new BigDecimal("2.5")));
        }
        return others.get(random.nextInt(others.size()));
    }

    private JsonNode bean(JsonNode schema) {
        ObjectNode object = json.objectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String name = property.getKey();
            boolean required = false;
            for (JsonNode each : schema.path("required")) {
                required |= each.asText().equals(name);
            }
            boolean there = required ? !crosses("required", "." + name) : random.nextBoolean();
            if (there) {
                path.add("." + name);
                object.set(name, value(property.getValue()));
                path.remove(path.size() - 1);
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            others(schema, object);
        } else if (schema.has("additionalProperties") && crosses("additionalProperties", ".unknown")) {
            object.put("unknown", 1);
        }
        return object;
    }

    /** Names beside the properties, whose own names may be of few. */
    private void others(JsonNode schema, ObjectNode object) {
        JsonNode names = schema.at("/propertyNames/anyOf/1/enum");
        if (random.nextBoolean()) {
            String name = names.isArray() ? any(names).asText() : "other";
            path.add("." + name);
            object.set(name, value(schema.path("additionalProperties")));
            path.remove(path.size() - 1);
        }
        if (names.isArray()) {
            notAName(schema, object);
        }
    }

    private void notAName(JsonNode schema, ObjectNode object) {
        if (crosses("propertyNames", ".unknown")) {
            path.add(".unknown");
            crossing = -1;
            object.set("unknown", value(schema.path("additionalProperties")));
            path.remove(path.size() - 1);
        }
    }

    private JsonNode map(JsonNode schema) {
        ObjectNode object = json.objectNode();
        int size = size(schema, "minProperties", "maxProperties");
        JsonNode names = schema.path("propertyNames").path("enum");
        for (int i = 0; i < (names.isArray() ? Math.min(size, names.size()) : size); i++) {
            String name = names.isArray() ? names.path(i).asText() : "key" + i;
            path.add("." + name);
            object.set(name, value(schema.path("additionalProperties")));
            path.remove(path.size() - 1);
        }
        if (names.isArray()) {
            notAName(schema, object);
        }
        return object;
    }

    private JsonNode array(JsonNode schema) {
        ArrayNode array = json.arrayNode();
        int size = size(schema, "minItems", "maxItems");
        boolean unique = schema.has("uniqueItems");
        for (int i = 0; i < size; i++) {
            path.add("[" + array.size() + "]");
            JsonNode value = value(schema.path("items"));
            path.remove(path.size() - 1);
            boolean again = false;
            for (JsonNode each : array) {
                again |= each.equals(value);
            }
            if (!unique || !again) {
                array.add(value);
            }
        }
        if (unique && !array.isEmpty() && crosses("uniqueItems", "")) {
            array.add(array.get(0));
        }
        return array;
    }

    /** The least or the most, or one less or more. */
    private int size(JsonNode schema, String min, String max) {
        int size = -1;
        int least = schema.path(min).asInt(0);
        int most = schema.path(max).asInt(least + 2);
        if (schema.has(min) && crosses(min, "")) {
            size = least - 1;
        }
        if (schema.has(max) && crosses(max, "")) {
            size = most + 1;
        }
        boolean low = random.nextBoolean();
        return size >= 0 ? size : low ? least : most;
    }

    private JsonNode number(JsonNode schema, BigDecimal step) {
        BigDecimal crossed = null;
        List<BigDecimal> inside = new ArrayList<>();
        for (String keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.has(keyword)) {
                BigDecimal bound = schema.path(keyword).decimalValue();
                BigDecimal inwards = keyword.endsWith("inimum") ? step : step.negate();
                boolean exclusive = keyword.startsWith("exclusive");
                boolean crosses = crosses(keyword, "");
                BigDecimal last = exclusive ? bound.add(inwards) : bound;
                if (crosses) {
                    crossed = last.subtract(inwards);
                }
                inside.add(last);
            }
        }
        int choice = random.nextInt(4);
        if (crossed != null) {
            return json.numberNode(crossed);
        }
        inside.removeIf(each -> !permits(schema, each));
        return json.numberNode(inside.isEmpty() ? BigDecimal.valueOf(choice) : inside.get(choice % inside.size()));
    }

    private static boolean permits(JsonNode schema, BigDecimal value) {
        return (!schema.has("minimum") || value.compareTo(schema.path("minimum").decimalValue()) >= 0)
                && (!schema.has("maximum")
                        || value.compareTo(schema.path("maximum").decimalValue()) <= 0)
                && (!schema.has("exclusiveMinimum")
                        || value.compareTo(schema.path("exclusiveMinimum").decimalValue()) > 0)
                && (!schema.has("exclusiveMaximum")
                        || value.compareTo(schema.path("exclusiveMaximum").decimalValue()) < 0);
    }

    private String text(JsonNode schema) {
        String keyword = schema.has("format") ? "format" : "pattern";
        if (schema.has(keyword)) {
            List<List<String>> texts = TEXTS.get(schema.path("format").asText());
            if (texts == null) {
                texts = TEXTS.get(schema.path(keyword).asText());
            }
            if (texts == null) {
                throw new IllegalStateException("a text without samples: " + schema);
            }
            List<String> side = texts.get(crosses(keyword, "") ? 1 : 0);
            return side.get(random.nextInt(side.size()));
        }
        int size = size(schema, "minLength", "maxLength");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private JsonNode any(JsonNode array) {
        return array.get(random.nextInt(array.size()));
    }
}
