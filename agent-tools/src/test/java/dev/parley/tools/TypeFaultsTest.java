package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Types that could not be told apart, sorted or made, and tools of one name, fail when the toolbox is built. */
class TypeFaultsTest {
    record Point(int x) {}

    static class Unsorted {
        @Tool
        void go(SortedSet<Point> v) {}
    }

    static class UnsortedQueue {
        @Tool
        void go(PriorityQueue<Optional<String>> v) {}
    }

    static class UnsortedKeys {
        @Tool
        void go(SortedMap<Locale, String> v) {}
    }

    static class NullInASortedSet {
        @Tool
        void go(NavigableSet<@Nullable String> v) {}
    }

    static class NullInADeque {
        @Tool
        void go(ArrayDeque<@Nullable String> v) {}
    }

    static class NullInAMap {
        @Tool
        void go(ConcurrentHashMap<String, Object> v) {}
    }

    static class Strict<T extends @Nullable Object> extends ArrayList<T> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean addAll(Collection<? extends T> all) {
            if (all.contains(null)) {
                throw new IllegalArgumentException("there is nothing in it");
            }
            return super.addAll(all);
        }
    }

    static class NullInAStrictList {
        @Tool
        void go(Strict<@Nullable String> v) {}
    }

    sealed interface Pet {}

    interface Wild {
        record Cat(int lives) implements Pet {}
    }

    interface Tame {
        record Cat(String name) implements Pet {}
    }

    static class SameSimpleNames {
        @Tool
        void go(Pet v) {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "pay"),
        @JsonSubTypes.Type(value = Cash.class, name = "pay")
    })
    interface Payment {}

    record Card(String number) implements Payment {}

    record Cash(int amount) implements Payment {}

    static class SameTags {
        @Tool
        void go(Payment v) {}
    }

    static class Overloaded {
        @Tool
        void go(int count) {}

        @Tool
        void go(String name, Point[] points) {}
    }

    static class SameParameters {
        @Tool
        void go(@P(name = "a") String one, String a) {}
    }

    static Stream<Arguments> faults() {
        String noNull = " takes no null, and its values may be null; use a List or a Map, or take @Nullable away";
        String same = "; put @JsonTypeInfo(use = Id.NAME) on %s, and @JsonSubTypes with a name for each";
        return Stream.of(
                Arguments.of(
                        new Unsorted(),
                        "Unsorted.go, parameter \"v\": a SortedSet cannot sort the type Point, which is not Comparable; make"
                                + " it that, or use a Set, a List or a Map"),
                Arguments.of(
                        new UnsortedQueue(),
                        "UnsortedQueue.go, parameter \"v\": a PriorityQueue cannot sort the type Optional, which is not"
                                + " Comparable; make it that, or use a Set, a List or a Map"),
                Arguments.of(
                        new UnsortedKeys(),
                        "UnsortedKeys.go, parameter \"v\": a SortedMap cannot sort the type Locale, which is not"
                                + " Comparable; make it that, or use a Set, a List or a Map"),
                Arguments.of(new NullInASortedSet(), "NullInASortedSet.go, parameter \"v\": a NavigableSet" + noNull),
                Arguments.of(new NullInADeque(), "NullInADeque.go, parameter \"v\": a ArrayDeque" + noNull),
                Arguments.of(new NullInAStrictList(), "NullInAStrictList.go, parameter \"v\": a Strict" + noNull),
                Arguments.of(new NullInAMap(), "NullInAMap.go, parameter \"v\": a ConcurrentHashMap" + noNull),
                Arguments.of(
                        new SameSimpleNames(),
                        "SameSimpleNames.go, parameter \"v\": dev.parley.tools.TypeFaultsTest$Wild$Cat and"
                                + " dev.parley.tools.TypeFaultsTest$Tame$Cat are both told as \"Cat\""
                                + same.formatted("Pet")),
                Arguments.of(
                        new SameTags(),
                        "SameTags.go, parameter \"v\": dev.parley.tools.TypeFaultsTest$Card and"
                                + " dev.parley.tools.TypeFaultsTest$Cash are both told as \"pay\""
                                + same.formatted("Payment")),
                Arguments.of(
                        new SameParameters(),
                        "SameParameters.go: two parameters are named \"a\"; give one of them another name with @P(name ="
                                + " …)"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameThePlaceAndTheMend(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void toolsOfOneNameAreBothNamed() {
        assertThatThrownBy(() -> Toolbox.of(new Overloaded()))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isIn(
                        "Overloaded.go: there are two tools named \"go\", Overloaded.go(int) and"
                                + " Overloaded.go(String, Point[]); give one of them another name with @Tool(name = …)",
                        "Overloaded.go: there are two tools named \"go\", Overloaded.go(String, Point[]) and"
                                + " Overloaded.go(int); give one of them another name with @Tool(name = …)");
        assertThatThrownBy(() -> Toolbox.of(new Unrelated(), new Related()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Related.walk: there are two tools named \"walk\", Unrelated.go() and Related.walk(); give one"
                                + " of them another name with @Tool(name = …)");
    }

    static class Unrelated {
        @Tool(name = "walk")
        void go() {}
    }

    static class Related {
        @Tool
        void walk() {}
    }

    record OrderId(String number) {}

    interface Finder<T> {
        @Tool("Finds anything.")
        String find(T id, T[] others);
    }

    abstract static class Searches<A> implements Finder<A> {}

    static final class Orders extends Searches<OrderId> {
        @Tool("Finds an order.")
        @Override
        public String find(OrderId id, OrderId[] others) {
            return id.number() + others.length;
        }
    }

    @Test
    void methodThatOverridesAGenericOneIsOneToolWithItsOwnAnnotation() throws Exception {
        Toolbox toolbox = Toolbox.of(new Orders());

        assertThat(toolbox.definitions()).hasSize(1);
        assertThat(toolbox.definitions().get(0).description()).isEqualTo("Finds an order.");
        assertThat(toolbox.call(ToolCall.of("find", "{\"id\":{\"number\":\"7\"},\"others\":[]}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"70\"}");
    }

    static final class Nulls {
        @Tool
        String queue(Queue<@Nullable String> v) {
            return "" + v;
        }

        @Tool
        String deque(Deque<Object> v) {
            return "" + v;
        }

        @Tool
        String sorted(PriorityQueue<CharSequence> v) {
            return "" + v;
        }

        @Tool
        String optionals(ArrayDeque<Optional<String>> v) {
            return "" + v;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queue | [null,\"a\"] | [null, a]",
                "deque | [null,1] | [null, 1]",
                "sorted | [\"b\",\"a\"] | [a, b]",
                "optionals | [null,\"a\"] | [Optional.empty, Optional[a]]",
            })
    void queuesThatMayHoldNullDo(String tool, String value, String bound) throws Exception {
        assertThat(new OneArgument(new Nulls()).answer(tool, value)).isEqualTo(bound);
    }
}
