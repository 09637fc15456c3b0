package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        public @Nullable Object read(JsonNode json, Reading reading) {
            if (!json.isArray()) {
                reading.problem("must be an array, not " + Kinds.of(json));
                return null;
            }
            List<@Nullable Object> values = new ArrayList<>(json.size());
            for (int i = 0; i < json.size(); i++) {
                reading.enter(i);
                values.add(element.read(json.get(i), reading));
                reading.leave();
            }
            if (!reading.clean()) {
                return null;
            }
            if (unique && (new HashSet<>(values).size() < values.size() || sameTwice(json))) {
                reading.problem("must not hold the same value twice");
                return null;
            }
            return collect.apply(values);
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
        public @Nullable Object read(JsonNode json, Reading reading) {
            if (!json.isObject()) {
                reading.problem("must be an object, not " + Kinds.of(json));
                return null;
            }
            Map<String, @Nullable Object> values = empty.get();
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                reading.enter(entry.getKey());
                values.put(entry.getKey(), value.read(entry.getValue(), reading));
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
        public @Nullable Object read(JsonNode json, Reading reading) {
            if (!json.isBoolean()) {
                reading.problem("must be true or false, not " + Kinds.of(json));
                return null;
            }
            return json.booleanValue();
        }
    }

    /** Any JSON value, as Jackson reads it into the type: {@code Object} or one of Jackson's nodes. */
    record Anything(ObjectMapper mapper, Class<?> type) implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            return teller.object();
        }

        @Override
        public @Nullable Object read(JsonNode json, Reading reading) {
            return mapper.convertValue(json, type);
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
