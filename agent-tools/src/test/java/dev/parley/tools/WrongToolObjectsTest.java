package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.event.ToolDefinition;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is given to a toolbox in the place of an object with tools: the error says what to give. */
class WrongToolObjectsTest {
    static class None {}

    static class Desk {
        @Tool
        static void go() {}
    }

    /** It holds things, and has a tool of its own. */
    static class Shelf implements Iterable<Desk> {
        @Tool
        void count() {}

        @Override
        public Iterator<Desk> iterator() {
            throw new UnsupportedOperationException();
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(
                        new None(),
                        "None: has no method with @Tool; put dev.langchain4j.agent.tool.Tool on those that the model may"
                                + " call"),
                Arguments.of(
                        Desk.class,
                        "Desk.class: is a class, and tools are the methods of an object; give one: new Desk(…)"),
                Arguments.of(
                        Arrays.asList(new Desk(), new Desk()),
                        "ArrayList: has no method with @Tool; give the objects that it holds one by one"),
                Arguments.of(
                        new Desk[] {new Desk()},
                        "Desk[]: has no method with @Tool; give the objects that it holds one by one"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void isRefusedWithWhatToGive(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void anObjectWithToolsMayHoldOthers() {
        assertThat(Toolbox.of(new Shelf()).definitions())
                .extracting(ToolDefinition::name)
                .containsExactly("count");
    }
}
