package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a tool's JSON Schema knows, object by object. Arrays between two objects do not count, and where there is a
 * choice ({@code anyOf} and its kin) every choice's names are known. Immutable.
 */
final class SchemaNames {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<?, ?> ANYTHING = Map.of();
    private static final List<String> CHOICES = List.of("anyOf", "oneOf", "allOf", "prefixItems");
    private static final List<String> SAYS_MORE =
            List.of("properties", "additionalProperties", "$ref", "items", "enum", "const");

    private final Map<?, ?> root;
    private final Map<String, List<Map<?, ?>>> known = new LinkedHashMap<>();
    /** The schemas of values under names that an object is free to choose; none if it is not. */
    private final List<Map<?, ?>> free = new ArrayList<>();

    private SchemaNames(Map<?, ?> root, List<Map<?, ?>> schemas) {
        this.root = root;
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        schemas.forEach(schema -> add(schema, seen));
    }

    /** Those of the arguments themselves, of which none is free. What cannot be read knows none: the more is masked. */
    static SchemaNames of(String schema) {
        Map<?, ?> root = Map.of("type", "null");
        try (JsonParser in = JSON.createParser(schema)) {
            in.nextToken();
            if (value(in) instanceof Map<?, ?> object) {
                root = object;
            }
        } catch (IOException e) {
            // It knows none.
        }
        SchemaNames names = new SchemaNames(root, List.of(root));
        names.free.clear();
        return names;
    }

    /**
     * What is known inside the value under a name.
     *
     * @param guarded whether a sensitive value is somewhere in this object: then a free name beside names that are known may
     *     be a misspelt one
     * @return null if the name is not known
     */
    @Nullable
    SchemaNames member(String name, boolean guarded) {
        List<Map<?, ?>> schemas = known.get(name);
        if (schemas == null && !(guarded && !known.isEmpty())) {
            schemas = free;
        }
        return schemas == null || schemas.isEmpty() ? null : new SchemaNames(root, schemas);
    }

    private void add(Map<?, ?> schema, Set<Object> seen) {
        if (schema != ANYTHING && !seen.add(schema)) {
            return;
        }
        for (Map.Entry<?, ?> property : object(schema.get("properties")).entrySet()) {
            known.computeIfAbsent(String.valueOf(property.getKey()), name -> new ArrayList<>())
                    .add(object(property.getValue()));
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            free.add(values);
        } else if (Boolean.TRUE.equals(schema.get("additionalProperties")) || saysNothing(schema)) {
            free.add(ANYTHING);
        }
        if (schema.get("$ref") instanceof String reference) {
            add(referred(reference), seen);
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            add(items, seen);
        }
        for (String choice : CHOICES) {
            if (schema.get(choice) instanceof List<?> choices) {
                choices.forEach(each -> add(object(each), seen));
            }
        }
    }

    /** Whether any object fits a schema, whatever its names are. */
    private static boolean saysNothing(Map<?, ?> schema) {
        Object type = schema.get("type");
        boolean fits = type == null || type.equals("object") || (type instanceof List<?> all && all.contains("object"));
        return fits
                && SAYS_MORE.stream().noneMatch(schema::containsKey)
                && CHOICES.stream().noneMatch(schema::containsKey);
    }

    private Map<?, ?> referred(String reference) {
        Object at = root;
        for (String step : reference.replaceFirst("^#/?", "").split("/", -1)) {
            at = step.isEmpty() ? at : object(at).get(step.replace("~1", "/").replace("~0", "~"));
        }
        return object(at);
    }

    private static Map<?, ?> object(@Nullable Object value) {
        return value instanceof Map<?, ?> object ? object : ANYTHING;
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    object.put(name, value(in));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(in));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> in.getText();
        };
    }
}
