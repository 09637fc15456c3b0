package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells one tool's schema, once, at registration. What is live stands in the text as a marker member; {@link LiveText} puts
 * the values of the moment in its place. Confined to the registering thread.
 */
final class Teller {
    /** Begins the name of a marker member. A schema keyword never begins so. */
    static final String LIVE = "@live-";

    /** A member that a shape may add for words that belong into the description. It is taken out again. */
    static final String HINT = "@hint";

    private final List<LiveText.Hole> holes = new ArrayList<>();
    private final Map<SelfHolding, String> names = new LinkedHashMap<>();
    private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

    ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    ObjectNode typed(String type) {
        return object().put("type", type);
    }

    /** Leaves a place in a schema for a description and values that are known only later. */
    void live(ObjectNode schema, String description, LiveValues values, boolean takesNull) {
        schema.put(LIVE + holes.size(), 0);
        holes.add(new LiveText.Hole(description, values, takesNull));
    }

    /**
     * Says more of a place that was left by what a type wraps: what is said where the type stands.
     *
     * @return whether there is such a place
     */
    boolean describedLive(ObjectNode schema, String description, boolean takesNull) {
        for (int i = 0; i < holes.size(); i++) {
            if (schema.has(LIVE + i)) {
                LiveText.Hole hole = holes.get(i);
                String text = Words.sentence(description, hole.description());
                holes.set(i, new LiveText.Hole(text, hole.values(), hole.takesNull() || takesNull));
                return true;
            }
        }
        return false;
    }

    /** A reference to a type that holds itself; its schema stands once, among the definitions. */
    ObjectNode reference(SelfHolding shape, Supplier<ObjectNode> schema) {
        String name = names.get(shape);
        if (name == null) {
            name = shape.name();
            for (int i = 2; names.containsValue(name); i++) {
                name = shape.name() + i;
            }
            names.put(shape, name);
            definitions.put(name, schema.get());
        }
        return object().put("$ref", "#/$defs/" + name);
    }

    Map<String, ObjectNode> definitions() {
        return definitions;
    }

    List<LiveText.Hole> holes() {
        return holes;
    }
}
