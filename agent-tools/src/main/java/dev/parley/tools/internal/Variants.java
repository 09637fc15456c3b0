package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of several beans: a sealed type, or one with {@code @JsonSubTypes}. A member with a fixed value says which. It is made
 * in two steps, since a variant may hold the whole; after that it does not change.
 */
final class Variants implements SelfHolding {
    private final String name;
    private final String description;
    private final String discriminator;
    private final Map<String, BeanShape> byTag = new LinkedHashMap<>();
    private boolean recursive;

    /** @param description of the type that they are variants of; may be empty */
    Variants(String name, String description, String discriminator) {
        this.name = name;
        this.description = description;
        this.discriminator = discriminator;
    }

    void add(String tag, BeanShape variant) {
        byTag.put(tag, variant);
    }

    Iterable<BeanShape> all() {
        return byTag.values();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void holdsItself() {
        recursive = true;
    }

    @Override
    public ObjectNode tell(Teller teller) {
        return recursive ? teller.reference(this, () -> whole(teller)) : whole(teller);
    }

    private ObjectNode whole(Teller teller) {
        ObjectNode told = teller.object();
        if (!description.isEmpty()) {
            told.put("description", description);
        }
        ArrayNode either = told.putArray("anyOf");
        byTag.values().forEach(variant -> either.add(variant.tell(teller)));
        return told;
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        if (!json.hasToken(JsonToken.START_OBJECT)) {
            return reading.refuse(json, "must be an object, not " + Kinds.of(json));
        }
        // What tells the variant may stand anywhere, so all of it is read before it is bound.
        JsonNode tree = StrictJson.tree(json);
        JsonNode tag = tree.get(discriminator);
        BeanShape variant = tag != null && tag.isTextual() ? byTag.get(tag.textValue()) : null;
        if (variant == null) {
            reading.enter(discriminator);
            reading.problem((tag == null ? "is required; it " : "") + "must be one of: "
                    + Words.list(new ArrayList<>(byTag.keySet()), 50));
            reading.leave();
            return null;
        }
        return variant.read(StrictJson.again(tree), reading);
    }
}
