package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A place for a value: an argument, a bean's member, a container's element. Its shape and what is said of the place:
 * whether null may stand there, its constraints, its live values, whether it is spoken. Immutable.
 *
 * @param type the Java type that is read, for the wording of constraints
 * @param nullable whether JSON's null is allowed
 * @param wrap what becomes of the value that was read (null among them), for {@code Optional} and its kin
 */
record Slot(
        Shape shape,
        Class<?> type,
        boolean nullable,
        @Nullable UnaryOperator<@Nullable Object> wrap,
        Rules rules,
        @Nullable LiveValues live,
        boolean spoken) {

    /** The same place, with null allowed and the value wrapped. */
    Slot wrapped(UnaryOperator<@Nullable Object> wrapper) {
        return new Slot(shape, type, true, wrapper, rules, live, spoken);
    }

    /** The same place, with null allowed. */
    Slot orNull() {
        return new Slot(shape, type, true, wrap, rules, live, spoken);
    }

    /** The same place, for values of another form. */
    Slot shaped(Shape other) {
        return new Slot(other, type, nullable, wrap, rules, live, spoken);
    }

    /** Whether a string is due, so that a default is written without quotes. */
    boolean takesText() {
        return shape instanceof Texts
                || shape instanceof Constants
                || (shape instanceof Wrapped wrapped && wrapped.inner().takesText());
    }

    /** All beans that may stand here, or in the containers that stand here. */
    List<BeanShape> beans() {
        List<BeanShape> beans = new ArrayList<>();
        if (shape instanceof BeanShape bean) {
            beans.add(bean);
        } else if (shape instanceof Variants variants) {
            variants.all().forEach(beans::add);
        } else if (shape instanceof Wrapped wrapped) {
            beans.addAll(wrapped.inner().beans());
        } else if (shape instanceof Containers.Items items) {
            beans.addAll(items.element().beans());
        } else if (shape instanceof Containers.Entries entries) {
            beans.addAll(entries.value().beans());
        }
        return beans;
    }

    /** The whole schema of the place. */
    ObjectNode tell(Teller teller, String description) {
        return tell(teller, description, null);
    }

    ObjectNode tell(Teller teller, String description, @Nullable JsonNode fallback) {
        ObjectNode told = shape.tell(teller);
        List<String> words = new ArrayList<>();
        for (String said : List.of(Teller.HINT, "description")) {
            JsonNode hint = told.remove(said);
            if (hint != null) {
                words.add(hint.asText());
            }
        }
        rules.tell(told, type, words::add);
        String text = description;
        for (String word : words) {
            text = Words.sentence(text, Words.capital(word));
        }
        if (nullable && !shape.takesNull()) {
            told = allowNull(teller, told);
        }
        ObjectNode whole = teller.object();
        for (String first : List.of("$ref", "type")) {
            JsonNode value = told.remove(first);
            if (value != null) {
                whole.set(first, value);
            }
        }
        if (live != null) {
            teller.live(whole, text, live, nullable);
        } else if (!teller.describedLive(told, text, nullable) && !text.isEmpty()) {
            whole.put("description", text);
        }
        whole.setAll(told);
        if (fallback != null) {
            whole.set("default", fallback);
        }
        return whole;
    }

    private static ObjectNode allowNull(Teller teller, ObjectNode told) {
        if (!told.path("type").isTextual()) {
            ObjectNode either = teller.object();
            either.putArray("anyOf").add(told).add(teller.typed("null"));
            return either;
        }
        ArrayNode types = told.arrayNode().add(told.get("type")).add("null");
        told.set("type", types);
        if (told.path("enum") instanceof ArrayNode choices) {
            choices.addNull();
        }
        return told;
    }

    /** Reads what stands here, as {@link Shape#read}; null where it may be null. */
    @Nullable
    Object read(JsonParser json, Reading reading) throws IOException {
        if (json.hasToken(JsonToken.VALUE_NULL) && !shape.takesNull()) {
            return nullable ? absent() : reading.problem("must not be null");
        }
        Object value = shape.read(json, reading);
        if (spoken && value instanceof String text) {
            value = SpokenDigits.ascii(text);
        }
        TextSize size = rules.textSize();
        if (size != null && value instanceof String text && !size.passes(text)) {
            reading.problem(size.problem());
        }
        FloatBounds bounds = rules.floatBounds();
        String outOfBounds = bounds != null && value instanceof Float one ? bounds.problem(one) : null;
        if (outOfBounds != null) {
            reading.problem(outOfBounds);
        }
        if (live != null && value != null && reading.asksLiveValues()) {
            check(live, value, reading);
        }
        return wrap == null ? value : wrap.apply(value);
    }

    /** What the place holds when the argument is absent. */
    @Nullable
    Object absent() {
        return wrap == null ? null : wrap.apply(null);
    }

    private static void check(LiveValues source, Object value, Reading reading) {
        List<Object> values = reading.valuesOf(source);
        if (values.isEmpty()) {
            reading.problem("has no allowed value at the moment");
        } else if (!LiveValues.holds(values, value)) {
            reading.problem("must be one of: " + Words.list(values, 20));
        }
    }
}
