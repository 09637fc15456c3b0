package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.introspect.AnnotatedWithParams;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bean: calls the creator that Jackson would call, then the setters of the members that were there. Immutable and
 * thread-safe.
 */
final class BeanMaker implements Creation.Maker {
    private final Members members;
    private final Executable creator;

    private final int parameters;
    private final List<Setter> setters;

    private BeanMaker(Members members, Executable creator, int parameters, List<Setter> setters) {
        this.members = members;
        this.creator = creator;
        this.parameters = parameters;
        this.setters = setters;
    }

    /**
     * Finds how a bean is made.
     *
     * @param properties one for each member, those of the creator first, in its order
     * @param ofCreator how many those are
     * @throws Untellable if there is no way
     */
    static BeanMaker of(
            Members members, ValueInstantiator instantiator, List<SettableBeanProperty> properties, int ofCreator) {
        AnnotatedWithParams with =
                ofCreator == 0 ? instantiator.getDefaultCreator() : instantiator.getWithArgsCreator();
        if (with == null) {
            throw new Untellable("Jackson knows no constructor for it");
        }
        Executable creator = (Executable) with.getAnnotated();
        creator.setAccessible(true);
        List<Setter> setters = new ArrayList<>();
        for (int i = ofCreator; i < properties.size(); i++) {
            setters.add(setter(properties.get(i), i));
        }
        return new BeanMaker(members, creator, ofCreator, setters);
    }

    @Override
    public Object make(@Nullable Object[] values) throws ReflectiveOperationException {
        @Nullable Object[] arguments = setters.isEmpty() ? values : new Object[parameters];
        for (int i = 0; i < parameters; i++) {
            arguments[i] = members.given(values, i);
        }
        Object bean = Creation.call(creator, arguments);
        for (Setter setter : setters) {
            if (values[setter.member()] != Members.ABSENT) {
                setter.set(bean, values[setter.member()]);
            }
        }
        return bean;
    }

    private static Setter setter(SettableBeanProperty property, int member) {
        AnnotatedElement java = property.getMember().getAnnotated();
        if (java instanceof Field field) {
            field.setAccessible(true);
            return new Setter(member, field, null);
        }
        if (java instanceof Method method && method.getParameterCount() == 1) {
            method.setAccessible(true);
            return new Setter(member, null, method);
        }
        throw new Untellable("its member " + property.getName() + " has no setter");
    }

    private record Setter(
            int member, @Nullable Field field, @Nullable Method method) {
        void set(Object bean, @Nullable Object value) throws ReflectiveOperationException {
            if (field != null) {
                field.set(bean, value);
            } else if (method != null) {
                method.invoke(bean, value);
            }
        }
    }
}
