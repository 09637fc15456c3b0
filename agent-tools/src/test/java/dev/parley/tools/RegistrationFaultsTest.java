package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegistrationFaultsTest {
    static class None {}

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

    static class Untellable {
        @Tool
        void go(InputStream in) {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    static class Unsafe {
        @Tool
        void go(ByClass what) {}
    }

    static class IntKeys {
        @Tool
        void go(Map<Integer, String> map) {}
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

    static class BadTimeout {
        @Tool
        @ToolPolicy(timeout = "5 seconds")
        void go() {}
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new None(), "None: has no method with @Tool"),
                Arguments.of(
                        new Twice(),
                        "Twice: there are two tools named \"go\"; give one of them another name with @Tool(name = …)"),
                Arguments.of(
                        new BadName(),
                        "BadName.go: the tool's name \"book a visit\" must be 1 to 64 letters, digits, _ or -; set"
                                + " @Tool(name = …)"),
                Arguments.of(
                        new Untellable(),
                        "Untellable.go, parameter \"in\": the type java.io.InputStream cannot be told to a model: Jackson"
                                + " reads it with AbstractDeserializer; use a record of simple types instead"),
                Arguments.of(
                        new Unsafe(),
                        "Unsafe.go, parameter \"what\": ByClass takes class names from outside, which is not safe; use"
                                + " @JsonTypeInfo(use = Id.NAME)"),
                Arguments.of(
                        new IntKeys(),
                        "IntKeys.go, parameter \"map\": the keys of a map must be strings, not java.lang.Integer"),
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
                        new WrongDefault(), "WrongDefault.go, parameter \"count\": the default \"many\" is not JSON"),
                Arguments.of(new SameNames(), "SameNames.go: two parameters are named \"a\""),
                Arguments.of(
                        new BadTimeout(),
                        "BadTimeout.go: the timeout \"5 seconds\" must be written as 200ms, 5s or 2m"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameTheMethodAndTheMend(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
