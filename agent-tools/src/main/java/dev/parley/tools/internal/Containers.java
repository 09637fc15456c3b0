package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
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
            if (tree != null && sameTwice(tree)) {
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

        /**
         * Goes by what JSON Schema compares, the JSON values. Beans without {@code equals} are the same to it and differ in
         * Java; 14:30 and 14:30:00 differ, and become one element of the set.
         */
        private static boolean sameTwice(JsonNode array) {
            Set<Object> seen = new HashSet<>();
            for (JsonNode each : array) {
                if (!seen.add(StrictJson.comparable(each))) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * An object with free names: a map.
     *
     * @param key what the names must be; null if any name will do
     */
    record Entries(@Nullable Slot key, Slot value, Supplier<Map<Object, @Nullable Object>> empty) implements Shape {
        @Override
        public ObjectNode tell(Teller teller) {
            ObjectNode told = teller.typed("object");
            if (key != null) {
                told.set("propertyNames", key.tell(teller, ""));
            }
            told.set("additionalProperties", value.tell(teller, ""));
            return told;
        }

        @Override
        public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
            if (!json.hasToken(JsonToken.START_OBJECT)) {
                return reading.refuse(json, "must be an object, not " + Kinds.of(json));
            }
            Map<Object, @Nullable Object> values = empty.get();
            Set<String> names = new HashSet<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                if (!names.add(name)) {
                    throw StrictJson.nameTwice(json);
                }
                entry(key, value, name, json, reading, values);
            }
            return reading.clean() ? values : null;
        }
    }

    /**
     * Reads one entry of an object with free names.
     *
     * @param key as in {@link Entries}
     * @param json at the value
     */
    static void entry(
            @Nullable Slot key,
            Slot value,
            String name,
            JsonParser json,
            Reading reading,
            Map<Object, @Nullable Object> into)
            throws IOException {
        reading.enter(name);
        Object read = key == null ? name : key(key, name, reading);
        Object held = value.read(json, reading);
        if (read != null && into.containsKey(read)) {
            // 14:30 and 14:30:00: two names to JSON, and one of the two values would be lost.
            reading.problem("is the same as another name here; give it once");
        } else if (read != null) {
            into.put(read, held);
        }
        reading.leave();
    }

    private static @Nullable Object key(Slot key, String name, Reading reading) throws IOException {
        Reading alone = new Reading();
        Object read = key.read(StrictJson.again(TextNode.valueOf(name)), alone);
        if (read == null) {
            return reading.problem(
                    "is no name here: it " + alone.violations().get(0).problem());
        }
        alone.beans().forEach(inKey -> reading.made(inKey.bean(), inKey.shape()));
        if (!name.equals(read)) {
            reading.named(read, name);
        }
        return read;
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
}
