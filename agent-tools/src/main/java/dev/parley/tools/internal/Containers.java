package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Shapes that hold others, and those without a shape of their own: lists, maps, booleans, any JSON value. */
final class Containers {
    private Containers() {}

    /**
     * An array: any collection, or a Java array.
     *
     * @param unique whether equal values are refused, for sets
     * @param collect makes the Java value from the elements
     */
    record Items(Slot element, boolean unique, Function<List<@Nullable Object>, Object> collect) implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            ObjectNode told = teller.typed("array");
            told.set("items", element.tell(teller, ""));
            if (unique) {
                told.put("uniqueItems", true);
            }
            return told;
        }

        @Override
        public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
            if (!json.hasToken(JsonToken.START_ARRAY)) {
                return reading.refuse(json, "must be an array, not " + Kinds.of(json));
            }
            JsonNode tree = unique ? StrictJson.tree(json) : null;
            List<@Nullable Object> values = elements(tree == null ? json : StrictJson.again(tree), reading);
            if (!reading.clean()) {
                return null;
            }
            if (tree != null && (new HashSet<>(values).size() < values.size() || sameTwice(tree))) {
                return reading.refuse(json, "must not hold the same value twice");
            }
            return collect.apply(values);
        }

        private List<@Nullable Object> elements(JsonParser json, Reading reading) throws IOException {
            List<@Nullable Object> values = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                reading.enter(values.size());
                values.add(element.read(json, reading));
                reading.leave();
            }
            return values;
        }

        /** Beans without {@code equals} differ in Java, and are the same to the schema. */
        private static boolean sameTwice(JsonNode array) {
            Set<JsonNode> seen = new HashSet<>();
            for (JsonNode each : array) {
                if (!seen.add(each)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** An object with free names: a map from strings. */
    record Entries(Slot value, Supplier<Map<String, @Nullable Object>> empty) implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            ObjectNode told = teller.typed("object");
            told.set("additionalProperties", value.tell(teller, ""));
            return told;
        }

        @Override
        public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
            if (!json.hasToken(JsonToken.START_OBJECT)) {
                return reading.refuse(json, "must be an object, not " + Kinds.of(json));
            }
            Map<String, @Nullable Object> values = empty.get();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                if (values.containsKey(name)) {
                    throw StrictJson.nameTwice(json);
                }
                reading.enter(name);
                values.put(name, value.read(json, reading));
                reading.leave();
            }
            return reading.clean() ? values : null;
        }
    }

    /** True or false. */
    record Truth() implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            return teller.typed("boolean");
        }

        @Override
        public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
            return json.currentToken().isBoolean()
                    ? json.getBooleanValue()
                    : reading.refuse(json, "must be true or false, not " + Kinds.of(json));
        }
    }

    /** Any JSON value, as Jackson reads it into the type: {@code Object} or one of Jackson's nodes. */
    record Anything(ObjectMapper mapper, Class<?> type) implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            return teller.object();
        }

        @Override
        public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
            return mapper.convertValue(StrictJson.tree(json), type);
        }

        @Override
        public boolean takesNull() {
            return true;
        }
    }

    static Function<List<@Nullable Object>, Object> into(Supplier<Collection<@Nullable Object>> empty) {
        return values -> {
            Collection<@Nullable Object> collection = empty.get();
            collection.addAll(values);
            return collection;
        };
    }
}
