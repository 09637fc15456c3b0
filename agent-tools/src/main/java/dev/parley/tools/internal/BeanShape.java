package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.tools.ToolException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record or a bean: an object with known members. It is made in two steps, since a type may hold itself; after that it
 * does not change.
 */
final class BeanShape implements SelfHolding {
    private static final Logger log = LoggerFactory.getLogger(BeanShape.class);

    private final Class<?> type;
    private @Nullable Members members;
    private @Nullable Maker maker;
    private boolean constrained;
    private boolean recursive;

    /** Makes the bean from its members' values. */
    @FunctionalInterface
    interface Maker {
        /** @param values as {@link Members#read} gives them; the maker may keep the array */
        Object make(@Nullable Object[] values) throws ReflectiveOperationException;
    }

    BeanShape(Class<?> type) {
        this.type = type;
    }

    /**
     * The second step.
     *
     * @param hasConstraints whether the bean must be validated
     */
    void complete(Members all, Maker how, boolean hasConstraints) {
        this.members = all;
        this.maker = how;
        this.constrained = hasConstraints;
    }

    @Override
    public void holdsItself() {
        recursive = true;
    }

    @Override
    public String name() {
        return type.getSimpleName();
    }

    Members members() {
        return Objects.requireNonNull(members);
    }

    @Override
    public ObjectNode tell(Teller teller) {
        return recursive
                ? teller.reference(this, () -> members().tell(teller))
                : members().tell(teller);
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        if (!json.hasToken(JsonToken.START_OBJECT)) {
            return reading.refuse(json, "must be an object, not " + Kinds.of(json));
        }
        @Nullable Object[] values = members().read(json, reading);
        return reading.clean() ? made(values, reading) : null;
    }

    private @Nullable Object made(@Nullable Object[] values, Reading reading) {
        try {
            Object bean = Objects.requireNonNull(maker).make(values);
            if (constrained) {
                reading.made(bean, this);
            }
            return bean;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ToolException forTheModel) {
                return reading.problem("is refused: " + forTheModel.getMessage());
            }
            log.warn("the constructor or a setter of {} threw", type.getName(), e.getCause());
            return reading.problem("is refused: these values do not go together");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }
}
