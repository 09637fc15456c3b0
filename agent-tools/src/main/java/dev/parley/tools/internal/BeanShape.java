package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record or a bean: an object with known members. It is made in two steps, since a type may hold itself; after that it
 * does not change.
 */
final class BeanShape implements SelfHolding, Validated {
    private final Class<?> type;
    private @Nullable Members members;
    private Source @Nullable [] sources;
    private Creation.@Nullable Maker maker;
    private boolean constrained;
    private boolean recursive;

    BeanShape(Class<?> type) {
        this.type = type;
    }

    /**
     * The second step.
     *
     * @param from where the values of its properties come from
     * @param how takes those values
     * @param hasConstraints whether the bean must be validated
     */
    void complete(Members all, List<Source> from, Creation.Maker how, boolean hasConstraints) {
        this.members = all;
        boolean oneToOne = from.stream().allMatch(Source.Named.class::isInstance);
        this.sources = oneToOne ? null : from.toArray(Source[]::new);
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

    /**
     * Makes the bean.
     *
     * @param values as {@link Members#read} gives them
     * @return null if it cannot be made, and {@code reading} knows why
     */
    @Nullable
    Object made(@Nullable Object[] values, Reading reading) {
        @Nullable Object[] given = sources == null ? values : given(sources, values, reading);
        if (!reading.clean()) {
            return null;
        }
        Object bean = Creation.make(type, Objects.requireNonNull(maker), given, reading);
        if (constrained && bean != null) {
            reading.made(bean, this);
        }
        return bean;
    }

    private static @Nullable Object[] given(Source[] sources, @Nullable Object[] values, Reading reading) {
        @Nullable Object[] given = new Object[sources.length];
        for (int i = 0; i < given.length; i++) {
            given[i] = sources[i].from(values, reading);
        }
        return given;
    }

    @Override
    public @Nullable String jsonNameOf(String javaName) {
        for (Member member : members().all()) {
            if (member.javaName().equals(javaName)) {
                return member.name();
            }
        }
        return null;
    }
}
