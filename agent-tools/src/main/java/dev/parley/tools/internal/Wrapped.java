package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Executable;
import org.jspecify.annotations.Nullable;

/**
 * A type that wraps one value and is written as that value alone: {@code record OrderId(@JsonValue String value)}, or any
 * type with a delegating creator. Immutable.
 *
 * @param inner the value, with what is said of its place in the wrapper
 * @param creator takes it
 * @param constrained whether the wrapper must be validated
 * @param sensitive whether the value is masked for onlookers
 * @param words what is said of the whole wrapper; may be empty
 */
record Wrapped(Class<?> type, Slot inner, Executable creator, boolean constrained, boolean sensitive, String words)
        implements Validated {

    @Override
    public ObjectNode tell(Teller teller) {
        return inner.tell(teller, words);
    }

    @Override
    public boolean takesNull() {
        return inner.nullable() || inner.shape().takesNull();
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        Object value = inner.read(json, reading);
        if (!reading.clean()) {
            return null;
        }
        Object made = Creation.make(type, values -> Creation.call(creator, values), new Object[] {value}, reading);
        if (constrained && made != null) {
            reading.made(made, this);
        }
        return made;
    }

    @Override
    public @Nullable String jsonNameOf(String javaName) {
        return null;
    }
}
