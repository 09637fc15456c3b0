package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JavaType;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds how elements become an array or a collection, and entries a map. Stateless. */
final class Collected {
    private Collected() {}

    static Function<List<@Nullable Object>, Object> array(Class<?> component) {
        return values -> {
            Object array = Array.newInstance(component, values.size());
            for (int i = 0; i < values.size(); i++) {
                Array.set(array, i, values.get(i));
            }
            return array;
        };
    }

    /** @throws IllegalArgumentException if such a collection cannot be made, or cannot hold what its elements may be */
    static Function<List<@Nullable Object>, Object> collection(Place place, Class<?> raw, Slot element) {
        if (raw.getPackageName().startsWith("java.util")
                && (SortedSet.class.isAssignableFrom(raw) || raw.getSimpleName().startsWith("Priority"))) {
            refuseUnsorted(place, raw, place.type().getContentType());
        }
        Function<List<@Nullable Object>, Object> collect = unchecked(place, raw);
        if (mayBeNull(element) && !takesNull(collect)) {
            throw noNulls(place, raw);
        }
        return collect;
    }

    private static boolean takesNull(Function<List<@Nullable Object>, Object> collect) {
        Object unused = collect.apply(new ArrayList<>()); // one that cannot be made says so itself
        try {
            return !((Collection<?>) collect.apply(Collections.singletonList(null))).isEmpty();
        } catch (RuntimeException e) { // one of the application's may throw what it likes
            return false;
        }
    }

    /** What stands for null in Java too: an {@code Optional} is something. */
    private static boolean mayBeNull(Slot slot) {
        return (slot.nullable() && slot.wrap() == null) || (slot.shape().takesNull() && slot.type() == Object.class);
    }

    private static IllegalArgumentException noNulls(Place place, Class<?> raw) {
        return Fault.at(
                place.where(),
                "a " + raw.getSimpleName() + " takes no null, and its values may be null; use a List or a Map, or take"
                        + " @Nullable away");
    }

    /** The JDK's sorted collections throw at the first element that they cannot compare. */
    private static void refuseUnsorted(Place place, Class<?> raw, JavaType sorted) {
        Class<?> type = sorted.getRawClass();
        // Texts and numbers are Comparable, whatever the signature calls them.
        if (!Comparable.class.isAssignableFrom(type) && type != CharSequence.class && type != Number.class) {
            throw Fault.at(
                    place.where(),
                    "a " + raw.getSimpleName() + " cannot sort the type " + type.getSimpleName()
                            + ", which is not Comparable; make it that, or use a Set, a List or a Map");
        }
    }

    @SuppressWarnings("JdkObsolete") // a LinkedList is the one Deque that takes null
    private static Function<List<@Nullable Object>, Object> unchecked(Place place, Class<?> raw) {
        if (raw.isAssignableFrom(ArrayList.class)) {
            return values -> values;
        }
        if (raw.isAssignableFrom(LinkedHashSet.class)) {
            return into(LinkedHashSet::new);
        }
        if (SortedSet.class.isAssignableFrom(raw) && raw.isAssignableFrom(TreeSet.class)) {
            return into(TreeSet::new);
        }
        if (Queue.class.isAssignableFrom(raw) && raw.isAssignableFrom(LinkedList.class)) {
            return into(LinkedList::new);
        }
        if (raw == EnumSet.class) {
            return into(() -> {
                @SuppressWarnings({"unchecked", "rawtypes"}) // an EnumSet is of enums
                Collection<@Nullable Object> none =
                        EnumSet.noneOf((Class) place.type().getContentType().getRawClass());
                return none;
            });
        }
        Supplier<Object> made = made(place, raw);
        return values -> {
            @SuppressWarnings("unchecked") // the shape reader asked for a collection type
            Collection<@Nullable Object> collection = (Collection<@Nullable Object>) made.get();
            collection.addAll(values);
            return collection;
        };
    }

    /** @throws IllegalArgumentException as {@link #collection} */
    static Supplier<Map<Object, @Nullable Object>> map(Place place, Class<?> raw, Slot value) {
        if (raw.getPackageName().startsWith("java.util") && SortedMap.class.isAssignableFrom(raw)) {
            refuseUnsorted(place, raw, place.type().getKeyType());
        }
        if (mayBeNull(value) && (ConcurrentMap.class.isAssignableFrom(raw) || Hashtable.class.isAssignableFrom(raw))) {
            throw noNulls(place, raw);
        }
        if (raw.isAssignableFrom(LinkedHashMap.class)) {
            return LinkedHashMap::new;
        }
        if (SortedMap.class.isAssignableFrom(raw) && raw.isAssignableFrom(TreeMap.class)) {
            return TreeMap::new;
        }
        if (raw == EnumMap.class) {
            return () -> {
                @SuppressWarnings({"unchecked", "rawtypes"}) // an EnumMap is of enums
                Map<Object, @Nullable Object> none =
                        new EnumMap((Class) place.type().getKeyType().getRawClass());
                return none;
            };
        }
        Supplier<Object> made = made(place, raw);
        @SuppressWarnings("unchecked") // the shape reader asked for a map type
        Supplier<Map<Object, @Nullable Object>> empty = () -> (Map<Object, @Nullable Object>) made.get();
        return empty;
    }

    private static Supplier<Object> made(Place place, Class<?> raw) {
        if (!Modifier.isAbstract(raw.getModifiers())) {
            try {
                var constructor = raw.getDeclaredConstructor();
                constructor.setAccessible(true);
                return () -> {
                    try {
                        return constructor.newInstance();
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException("cannot make a " + raw.getName(), e);
                    }
                };
            } catch (NoSuchMethodException | RuntimeException e) {
                throw Fault.at(
                        place.where(),
                        "a " + raw.getSimpleName() + " cannot be made; use one of Java's collection interfaces");
            }
        }
        throw Fault.at(
                place.where(), "a " + raw.getSimpleName() + " cannot be made; use one of Java's collection interfaces");
    }

    private static Function<List<@Nullable Object>, Object> into(Supplier<Collection<@Nullable Object>> empty) {
        return values -> {
            Collection<@Nullable Object> collection = empty.get();
            collection.addAll(values);
            return collection;
        };
    }
}
