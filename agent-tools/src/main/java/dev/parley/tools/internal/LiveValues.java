package dev.parley.tools.internal;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** The values that an argument may have at the moment, as a method of the tool object tells them. */
final class LiveValues {
    private final Object target;
    private final Method method;

    LiveValues(Object target, Method method) {
        this.target = target;
        this.method = method;
    }

    /** Whether a method can be a source. */
    static boolean fits(Method method) {
        Class<?> type = method.getReturnType();
        return method.getParameterCount() == 0
                && (Collection.class.isAssignableFrom(type)
                        || type.isArray()
                        || BaseStream.class.isAssignableFrom(type));
    }

    /**
     * Asks the tool object: texts and numbers, each once, in its order. Numbers are {@link BigDecimal}s; enum constants and
     * anything else are told by their {@code toString}.
     *
     * @throws SourceFailed if the method throws, answers null, or a number that JSON does not have
     */
    List<Object> now() {
        Object answer;
        try {
            answer = method.invoke(target);
        } catch (InvocationTargetException e) {
            throw new SourceFailed(name() + " threw", e.getCause() == null ? e : e.getCause());
        } catch (IllegalAccessException e) {
            throw new SourceFailed(name() + " threw", e);
        }
        if (answer == null) {
            throw new SourceFailed(name() + " answered null", null);
        }
        Set<Object> values = new LinkedHashSet<>();
        try {
            for (Object each : all(answer)) {
                if (each != null) {
                    values.add(each instanceof Number number ? told(number) : each.toString());
                }
            }
        } catch (SourceFailed e) {
            throw e;
        } catch (RuntimeException e) { // a stream that reads a database does so only here
            throw new SourceFailed(name() + " threw", e);
        }
        return new ArrayList<>(values);
    }

    private BigDecimal told(Number number) {
        try {
            return decimal(number);
        } catch (NumberFormatException e) { // NaN, for one
            throw new SourceFailed(name() + " answered a number that JSON does not have", e);
        }
    }

    /** The method, for messages: {@code ClinicTools.doctorNames}. */
    String name() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** Whether a text or a number that was read is one of the values. */
    static boolean holds(List<Object> values, Object read) {
        for (Object value : values) {
            boolean same = (value instanceof BigDecimal number && read instanceof Number)
                    ? number.compareTo(decimal(read)) == 0
                    : value.toString().equals(read.toString());
            if (same) {
                return true;
            }
        }
        return false;
    }

    private static BigDecimal decimal(Object number) {
        return new BigDecimal(number.toString());
    }

    private static Collection<?> all(Object answer) {
        if (answer instanceof Collection<?> collection) {
            return collection;
        }
        List<@Nullable Object> list = new ArrayList<>();
        if (answer instanceof BaseStream<?, ?> stream) {
            try (stream) {
                stream.iterator().forEachRemaining(list::add);
            }
        } else {
            for (int i = 0; i < Array.getLength(answer); i++) {
                list.add(Array.get(answer, i));
            }
        }
        return list;
    }

    /** The tool object could not tell the values. */
    static final class SourceFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SourceFailed(String what, @Nullable Throwable cause) {
            super(what, cause);
        }
    }
}
