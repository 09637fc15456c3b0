package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bean: calls the creator that Jackson would call, then the setters of the properties that were there, and builds it
 * if that was a builder. Immutable and thread-safe.
 */
final class BeanMaker implements Creation.Maker {
    private final Executable creator;
    private final @Nullable Slot[] slots;
    private final List<Setter> setters;
    private final @Nullable Method build;

    private BeanMaker(Executable creator, @Nullable Slot[] slots, List<Setter> setters, @Nullable Method build) {
        this.creator = creator;
        this.slots = slots;
        this.setters = setters;
        this.build = build;
    }

    /**
     * Finds how a bean is made.
     *
     * @param slots of the creator's parameters, in its order: they say what an absent one is
     * @throws Untellable if there is no way
     */
    static BeanMaker of(Blueprint blueprint, @Nullable Slot[] slots) {
        int ofCreator = blueprint.ofCreator();
        AnnotatedWithParams with = ofCreator == 0
                ? blueprint.instantiator().getDefaultCreator()
                : blueprint.instantiator().getWithArgsCreator();
        if (with == null) {
            throw new Untellable("Jackson knows no constructor for it");
        }
        Executable creator = (Executable) with.getAnnotated();
        creator.setAccessible(true);
        List<Setter> setters = new ArrayList<>();
        for (int i = ofCreator; i < blueprint.properties().size(); i++) {
            setters.add(setter(blueprint.properties().get(i), i, blueprint.build() != null));
        }
        return new BeanMaker(creator, slots.clone(), setters, blueprint.build());
    }

    /** @param values of the properties in their order; {@link Members#ABSENT} where there is none */
    @Override
    public Object make(@Nullable Object[] values) throws ReflectiveOperationException {
        @Nullable Object[] arguments = setters.isEmpty() ? values : new Object[slots.length];
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            arguments[i] = values[i] == Members.ABSENT && slot != null ? slot.absent() : values[i];
        }
        Object bean = Creation.call(creator, arguments);
        for (Setter setter : setters) {
            if (values[setter.property()] != Members.ABSENT) {
                bean = setter.set(bean, values[setter.property()]);
            }
        }
        return build == null ? bean : build.invoke(bean);
    }

    private static Setter setter(BeanProperty property, int index, boolean chained) {
        AnnotatedElement java = property.member().getAnnotated();
        boolean others = property.kind() == BeanProperty.Kind.OTHERS;
        if (java instanceof Field field) {
            field.setAccessible(true);
            return others ? new OthersField(index, field) : new FieldSetter(index, field);
        }
        if (java instanceof Method method && method.getParameterCount() == (others ? 2 : 1)) {
            method.setAccessible(true);
            return others ? new OthersMethod(index, method) : new MethodSetter(index, method, chained);
        }
        throw new Untellable("its member " + property.name() + " has no setter");
    }

    /** Gives a bean one of its properties. */
    private sealed interface Setter {
        int property();

        /** The bean to go on with: a builder may give another. */
        Object set(Object bean, @Nullable Object value) throws ReflectiveOperationException;
    }

    private record FieldSetter(int property, Field field) implements Setter {
        @Override
        public Object set(Object bean, @Nullable Object value) throws ReflectiveOperationException {
            field.set(bean, value);
            return bean;
        }
    }

    private record MethodSetter(int property, Method method, boolean chained) implements Setter {
        @Override
        public Object set(Object bean, @Nullable Object value) throws ReflectiveOperationException {
            Object returned = method.invoke(bean, value);
            return chained && returned != null ? returned : bean;
        }
    }

    /** A map that the bean holds already is filled; else it gets one. */
    private record OthersField(int property, Field field) implements Setter {
        @Override
        @SuppressWarnings("unchecked") // the reader asked for a map
        public Object set(Object bean, @Nullable Object value) throws ReflectiveOperationException {
            Map<Object, Object> own = (Map<Object, Object>) field.get(bean);
            if (own == null) {
                field.set(bean, value);
            } else if (value != null) {
                own.putAll((Map<Object, Object>) value);
            }
            return bean;
        }
    }

    private record OthersMethod(int property, Method method) implements Setter {
        @Override
        public Object set(Object bean, @Nullable Object value) throws ReflectiveOperationException {
            if (value instanceof Map<?, ?> others) {
                for (Map.Entry<?, ?> each : others.entrySet()) {
                    method.invoke(bean, each.getKey(), each.getValue());
                }
            }
            return bean;
        }
    }
}
