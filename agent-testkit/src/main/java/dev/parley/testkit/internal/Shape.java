package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Violation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a JSON value must look like. The first thing that is wrong is told with its path and with the code that OpenAI
 * gives it. Messages name fields, never values: those may be a caller's words.
 */
@FunctionalInterface
interface Shape {

    /** @param path how the value is reached from the message's top, for example {@code session.tools[0].name} */
    void check(JsonNode value, String path, Kind kind) throws Breach;

    /** The same, but what is wrong counts as a breach of this kind. */
    default Shape as(Kind other) {
        return (value, path, kind) -> check(value, path, other);
    }

    /** The same, or null, which clears. */
    default Shape orNull() {
        return (value, path, kind) -> {
            if (!value.isNull()) {
                check(value, path, kind);
            }
        };
    }

    static Shape any() {
        return (value, path, kind) -> {};
    }

    static Shape string() {
        return (value, path, kind) -> {
            if (!value.isTextual()) {
                throw wrongType(value, path, kind, "a string");
            }
        };
    }

    static Shape string(int maxLength) {
        return (value, path, kind) -> {
            string().check(value, path, kind);
            if (value.textValue().length() > maxLength) {
                throw new Breach(
                        kind,
                        "string_above_max_length",
                        path,
                        "Invalid '" + path + "': string too long. Expected a string with maximum length " + maxLength
                                + ", but got a string with length "
                                + value.textValue().length() + " instead.");
            }
        };
    }

    static Shape bool() {
        return (value, path, kind) -> {
            if (!value.isBoolean()) {
                throw wrongType(value, path, kind, "a boolean");
            }
        };
    }

    static Shape integer(long min, long max) {
        return (value, path, kind) -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrongType(value, path, kind, "an integer");
            }
            range("integer", (double) value.longValue(), (double) min, (double) max, path, kind);
        };
    }

    static Shape number(double min, double max) {
        return (value, path, kind) -> {
            if (!value.isNumber()) {
                throw wrongType(value, path, kind, "a decimal");
            }
            range("decimal", value.doubleValue(), min, max, path, kind);
        };
    }

    private static void range(String type, double value, double min, double max, String path, Kind kind) throws Breach {
        if (value < min || value > max) {
            boolean below = value < min;
            throw new Breach(
                    kind,
                    type + (below ? "_below_min_value" : "_above_max_value"),
                    path,
                    "Invalid '" + path + "': " + type + (below ? " below minimum value" : " above maximum value")
                            + ". Expected a value " + (below ? ">= " + plain(min) : "<= " + plain(max)) + ".");
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%s", value);
    }

    /** One of these strings. */
    static Shape oneOf(String... values) {
        return (value, path, kind) -> {
            string().check(value, path, kind);
            if (!Arrays.asList(values).contains(value.textValue())) {
                throw unsupported(path, kind, List.of(values));
            }
        };
    }

    static Shape listOf(Shape element, int maxLength) {
        return (value, path, kind) -> {
            if (!value.isArray()) {
                throw wrongType(value, path, kind, "an array");
            }
            if (value.size() > maxLength) {
                throw new Breach(
                        kind,
                        "array_above_max_length",
                        path,
                        "Invalid '" + path + "': array too long. Expected an array with maximum length " + maxLength
                                + ", but got an array with length " + value.size() + " instead.");
            }
            for (int i = 0; i < value.size(); i++) {
                element.check(value.get(i), path + "[" + i + "]", kind);
            }
        };
    }

    /** The first of these that tells the value's JSON type: text, number, or an object. */
    static Shape textOr(Shape text, Shape other) {
        return (value, path, kind) -> (value.isTextual() ? text : other).check(value, path, kind);
    }

    /** An object whose shape is told by one of its fields. */
    static Shape by(String field, Map<String, Shape> shapes) {
        return (value, path, kind) -> {
            requireObject(value, path, kind);
            JsonNode name = value.path(field);
            if (name.isMissingNode()) {
                throw missing(join(path, field), kind);
            }
            string().check(name, join(path, field), kind);
            Shape shape = shapes.get(name.textValue());
            if (shape == null) {
                throw unsupported(
                        join(path, field),
                        kind,
                        shapes.keySet().stream().sorted().toList());
            }
            shape.check(value, path, kind);
        };
    }

    static Fields object() {
        return new Fields(Map.of(), List.of());
    }

    /** An object with these fields and no others. Immutable. */
    record Fields(Map<String, Shape> fields, List<String> required) implements Shape {

        Fields with(String name, Shape shape) {
            Map<String, Shape> more = new LinkedHashMap<>(fields);
            more.put(name, shape);
            return new Fields(more, required);
        }

        Fields needs(String name, Shape shape) {
            List<String> more = new ArrayList<>(required);
            more.add(name);
            return new Fields(with(name, shape).fields(), more);
        }

        @Override
        public void check(JsonNode value, String path, Kind kind) throws Breach {
            requireObject(value, path, kind);
            for (String name : required) {
                if (!value.has(name)) {
                    throw missing(join(path, name), kind);
                }
            }
            Iterator<String> names = value.fieldNames();
            while (names.hasNext()) {
                String name = names.next();
                Shape shape = fields.get(name);
                if (shape == null) {
                    throw new Breach(
                            kind,
                            "unknown_parameter",
                            join(path, name),
                            "Unknown parameter: '" + join(path, name) + "'.");
                }
                shape.check(value.get(name), join(path, name), kind);
            }
        }
    }

    private static void requireObject(JsonNode value, String path, Kind kind) throws Breach {
        if (!value.isObject()) {
            throw wrongType(value, path, kind, "an object");
        }
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private static Breach missing(String path, Kind kind) {
        return new Breach(kind, "missing_required_parameter", path, "Missing required parameter: '" + path + "'.");
    }

    private static Breach unsupported(String path, Kind kind, List<String> values) {
        String supported = values.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "));
        return new Breach(
                kind,
                "invalid_value",
                path,
                "Invalid value for '" + path + "'. Supported values are: " + supported + ".");
    }

    private static Breach wrongType(JsonNode value, String path, Kind kind, String expected) {
        String got = switch (value.getNodeType()) {
            case STRING -> "a string";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NUMBER -> value.isIntegralNumber() ? "an integer" : "a decimal number";
            default -> "nothing";
        };
        return new Breach(
                kind,
                "invalid_type",
                path,
                "Invalid type for '" + path + "': expected " + expected + ", but got " + got + " instead.");
    }
}
