package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, defaults, sources of values and policies that could never work fail when the toolbox is built. */
class RegistrationFaultsTest {
    static class WideLimit {
        @Tool
        @ToolPolicy(resultLimit = 16 * 1024 * 1024 + 1)
        void go() {}
    }

    static class Twice {
        @Tool
        void go() {}

        @Tool(name = "go")
        void goAgain() {}
    }

    static class BadName {
        @Tool(name = "book a visit")
        void go() {}
    }

    static class NoSource {
        @Tool
        void go(@ValuesFrom("names") String name) {}
    }

    static class ValuesForBoolean {
        @Tool
        void go(@ValuesFrom("names") boolean name) {}

        String[] names() {
            return new String[] {"true"};
        }
    }

    static class Absent {
        @Tool
        void go(@P(value = "", required = false) int count) {}
    }

    static class WrongDefault {
        @Tool
        void go(@P(value = "", defaultValue = "many") int count) {}
    }

    static class SameNames {
        @Tool
        void go(@P(name = "a") String one, @P(name = "a") String two) {}
    }

    static class BadLimit {
        @Tool
        @ToolPolicy(resultLimit = 100)
        void go() {}
    }

    static class BadTimeout {
        @Tool
        @ToolPolicy(timeout = "5 seconds")
        void go() {}
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        new Twice(),
                        "Twice.goAgain: there are two tools named \"go\", Twice.go() and Twice.goAgain(); give one of"
                                + " them another name with @Tool(name = …)"),
                Arguments.of(
                        new BadName(),
                        "BadName.go: the tool's name \"book a visit\" must be 1 to 64 letters, digits, _ or -; set"
                                + " @Tool(name = …)"),
                Arguments.of(
                        new NoSource(),
                        "NoSource.go, parameter \"name\": @ValuesFrom(\"names\") names no method of NoSource without"
                                + " parameters that returns a collection, an array or a stream"),
                Arguments.of(
                        new ValuesForBoolean(),
                        "ValuesForBoolean.go, parameter \"name\": @ValuesFrom is for strings and numbers, and for lists"
                                + " and Optionals of them, not for boolean"),
                Arguments.of(
                        new Absent(),
                        "Absent.go, parameter \"count\": a primitive cannot be absent; use its wrapper, or give it a"
                                + " default"),
                Arguments.of(
                        new WrongDefault(),
                        "WrongDefault.go, parameter \"count\": the default \"many\" is not one JSON value"),
                Arguments.of(
                        new SameNames(),
                        "SameNames.go: two parameters are named \"a\"; give one of them another name with @P(name = …)"),
                Arguments.of(new BadLimit(), "BadLimit.go: the limit of results must be 1024 bytes at least, not 100"),
                Arguments.of(
                        new WideLimit(),
                        "WideLimit.go: the limit of results must be 16777216 bytes (16 MiB) at most, not 16777217: no"
                                + " provider"
                                + " takes so long an event"),
                Arguments.of(
                        new BadTimeout(),
                        "BadTimeout.go: the timeout \"5 seconds\" must be written as 200ms, 5s or 2m"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameTheMethodAndTheMend(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
