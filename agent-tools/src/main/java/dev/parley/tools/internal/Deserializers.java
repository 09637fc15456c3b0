package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;

/** Asks Jackson how it reads a type. Stateless. */
final class Deserializers {
    private Deserializers() {}

    /** @throws Untellable if Jackson cannot read the type */
    static JsonDeserializer<Object> of(ObjectMapper mapper, JavaType type) {
        try {
            DefaultDeserializationContext context = ((DefaultDeserializationContext) mapper.getDeserializationContext())
                    .createDummyInstance(mapper.getDeserializationConfig());
            return context.findNonContextualValueDeserializer(type);
        } catch (JsonMappingException e) {
            throw new Untellable(String.valueOf(e.getOriginalMessage()));
        }
    }
}
