package dev.parley.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Arrays, collections, maps and their keys, what may be absent, and any JSON value. */
class ContainerTypesTest {
    private final OneArgument types = new OneArgument(new Tools());

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    record Absences(
            OptionalInt whole,
            OptionalLong large,
            OptionalDouble part,
            Optional<@Positive Integer> count,
            @Nullable String note) {}

    @SuppressWarnings("NonApiType") // the very types that are tested
    static final class Tools {
        @Tool
        String ints(int[] v) {
            return Arrays.toString(v);
        }

        @Tool
        String letters(Character[] v) {
            return Arrays.toString(v);
        }

        @Tool
        String grid(double[][] v) {
            return Arrays.deepToString(v);
        }

        @Tool
        String emails(@NotEmpty List<@Email String> v) {
            return "" + v;
        }

        @Tool
        String collection(Collection<Integer> v) {
            return "" + v;
        }

        @Tool
        String iterable(Iterable<Integer> v) {
            return "" + v;
        }

        @Tool
        String linkedList(LinkedList<Day> v) {
            return "" + v;
        }

        @Tool
        String queue(Queue<Day> v) {
            return "" + v;
        }

        @Tool
        String days(Set<Day> v) {
            return "" + v;
        }

        @Tool
        String sortedSet(SortedSet<String> v) {
            return "" + v;
        }

        @Tool
        String daySet(EnumSet<Day> v) {
            return "" + v;
        }

        @Tool
        String nullsInside(List<@Nullable Integer> v) {
            return "" + v;
        }

        @Tool
        String optionalsInside(List<Optional<Day>> v) {
            return "" + v;
        }

        @Tool
        String map(Map<String, Integer> v) {
            return "" + v;
        }

        @Tool
        String perDay(EnumMap<Day, @Positive Integer> v) {
            return "" + v;
        }

        @Tool
        String ids(Map<UUID, String> v) {
            return "" + v;
        }

        @Tool
        String numbers(TreeMap<Integer, String> v) {
            return "" + v;
        }

        @Tool
        String shortNames(Map<@Size(max = 2) String, String> v) {
            return "" + v;
        }

        @Tool
        String deep(Map<String, List<Map<Day, Boolean>>> v) {
            return "" + v;
        }

        @Tool
        String optional(Optional<@Positive Integer> v) {
            return "" + v;
        }

        @Tool
        String optionalList(Optional<List<Day>> v) {
            return "" + v;
        }

        @Tool
        String optionalInt(OptionalInt v) {
            return "" + v;
        }

        @Tool
        String optionalLong(OptionalLong v) {
            return "" + v;
        }

        @Tool
        String optionalDouble(OptionalDouble v) {
            return "" + v;
        }

        @Tool
        String absences(Absences v) {
            return "" + v;
        }

        @Tool
        String nullable(@Nullable Day v) {
            return "" + v;
        }

        @Tool
        String notRequired(@P(value = "a note", required = false) String v) {
            return "" + v;
        }

        @Tool
        String withDefault(@P(value = "how many", defaultValue = "2") int v) {
            return "" + v;
        }

        @Tool
        String withTextDefault(@P(value = "which", defaultValue = "mon") Day v) {
            return "" + v;
        }

        @Tool
        String any(Object v) {
            return "" + v;
        }

        @Tool
        String anyList(List<Object> v) {
            return "" + v;
        }

        @Tool
        String anyMap(Map<String, Object> v) {
            return "" + v;
        }

        @Tool
        String json(JsonNode v) {
            return v.path("a").asText();
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndBound() throws IOException {
        return types.assertEachLineOf("/types/containers.tsv");
    }
}
