package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegistrationFaultsTest {
    private static final String MEND =
            "; take the constraint away, or put it on what the type holds, or give it a validator";

    private static final String STATIC =
            ": Jakarta Validation leaves static methods out, so that the constraints on its"
                    + " parameters would neither be told nor hold; take static away";

    static class WideLimit {
        @Tool
        @ToolPolicy(resultLimit = 16 * 1024 * 1024 + 1)
        void go() {}
    }

    static class StaticMin {
        @Tool
        static void go(@Min(1) int count) {}
    }

    static class StaticInside {
        @Tool
        static void go(Map<String, List<@Email String>> mails) {}
    }

    static class StaticTwice {
        @Tool
        static void go(@Pattern(regexp = "a*") @Pattern(regexp = "b*") String text) {}
    }

    record Order(String wish, @JacksonInject String clerk) {}

    static class WithInjected {
        @Tool
        void go(Order order) {}
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

    static class DoubleKeys {
        @Tool
        void go(Map<Double, String> map) {}
    }

    @JsonDeserialize(builder = BuiltBuilder.class)
    static class Built {}

    static class BuiltBuilder {
        public Built make() {
            return new Built();
        }
    }

    static class WithBuilder {
        @Tool
        void go(Built built) {}
    }

    @JsonDeserialize(using = FromString.class)
    record Custom(String text) {}

    static class FromString extends StdDeserializer<Custom> {
        private static final long serialVersionUID = 1L;

        FromString() {
            super(Custom.class);
        }

        @Override
        public Custom deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return new Custom(json.getText());
        }
    }

    static class WithDeserializer {
        @Tool
        void go(List<Custom> all) {}
    }

    static class WithDeserializerHere {
        @Tool
        void go(@JsonDeserialize(using = FromString.class) Sized wish) {}
    }

    record Sized(int size) {}

    record Customised(
            @JsonDeserialize(contentUsing = FromString.class)
            List<Sized> all) {}

    static class WithMemberDeserializer {
        @Tool
        void go(Customised customised) {}
    }

    static class Open {
        @JsonAnySetter
        public Map<String, InputStream> rest = new HashMap<>();
    }

    static class WithAnySetter {
        @Tool
        void go(Open open) {}
    }

    static class OpenNode {
        @JsonAnySetter
        public ObjectNode rest = JsonNodeFactory.instance.objectNode();
    }

    static class WithAnyNode {
        @Tool
        void go(OpenNode open) {}
    }

    static class Loose {
        @JsonAnySetter
        public Map<String, String> rest = new HashMap<>();
    }

    record Flat(@JsonUnwrapped Loose loose) {}

    static class WithUnwrappedOpen {
        @Tool
        void go(Flat flat) {}
    }

    record FlatAndAbsent(@JsonUnwrapped @Nullable Sized wish) {}

    static class WithUnwrappedNull {
        @Tool
        void go(FlatAndAbsent flat) {}
    }

    record FlatAndOptional(
            @JsonUnwrapped @P(required = false) Sized wish) {}

    static class WithUnwrappedOptional {
        @Tool
        void go(FlatAndOptional flat) {}
    }

    record FlatTwice(@JsonUnwrapped(prefix = "a") Sized one, int asize) {}

    static class WithUnwrappedTwice {
        @Tool
        void go(FlatTwice flat) {}
    }

    record FlatText(@JsonUnwrapped String text) {}

    static class WithUnwrapped {
        @Tool
        void go(FlatText flat) {}
    }

    static class PatternOnInt {
        @Tool
        void go(@Pattern(regexp = "\\d+") int count) {}
    }

    record Wish(@Email Integer size) {}

    static class MailOfNumber {
        @Tool
        void go(Wish wish) {}
    }

    static class FutureTexts {
        @Tool
        void go(List<@Future String> days) {}
    }

    record Box<T>(@Size(min = 2) T value) {}

    static class SizeOfAnything {
        @Tool
        void go(Box<String> box) {}
    }

    static class MinOfOptional {
        @Tool
        void go(@Min(1) Optional<Integer> count) {}
    }

    @Pattern(regexp = "[A-Z]+")
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface Upper {
        String message() default "must be upper case";

        Class<?>[] groups() default {};

        Class<? extends jakarta.validation.Payload>[] payload() default {};
    }

    static class ComposedOnList {
        @Tool
        void go(@Upper List<String> names) {}
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
                        new Untellable(),
                        "Untellable.go, parameter \"in\": the type java.io.InputStream cannot be told to a model: Jackson"
                                + " reads it with AbstractDeserializer; use a record of simple types instead"),
                Arguments.of(
                        new Unsafe(),
                        "Unsafe.go, parameter \"what\": ByClass takes class names from outside, which is not safe; use"
                                + " @JsonTypeInfo(use = Id.NAME)"),
                Arguments.of(
                        new DoubleKeys(),
                        "DoubleKeys.go, parameter \"map\": the keys of a map must be texts, enums or whole numbers, not"
                                + " java.lang.Double"),
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
                Arguments.of(
                        new PatternOnInt(),
                        "PatternOnInt.go, parameter \"count\": @Pattern cannot be put on the type int" + MEND),
                Arguments.of(
                        new MailOfNumber(),
                        "MailOfNumber.go, parameter \"wish\", member Wish.size: @Email cannot be put on the type"
                                + " Integer" + MEND),
                Arguments.of(
                        new FutureTexts(),
                        "FutureTexts.go, parameter \"days\": @Future cannot be put on the type String" + MEND),
                Arguments.of(
                        new MinOfOptional(),
                        "MinOfOptional.go, parameter \"count\": @Min cannot be put on the type Optional" + MEND),
                Arguments.of(
                        new WithBuilder(),
                        untellable(
                                "WithBuilder",
                                "built",
                                "Built",
                                "Builder class `dev.parley.tools.RegistrationFaultsTest$BuiltBuilder` does not have build"
                                        + " method (name: 'build')")),
                Arguments.of(
                        new WithDeserializer(),
                        untellable("WithDeserializer", "all", "Custom", "Jackson reads it with FromString")),
                Arguments.of(
                        new WithAnySetter(),
                        "WithAnySetter.go, parameter \"open\", member Open.rest: the type java.io.InputStream cannot be"
                                + " told to a model: Jackson reads it with AbstractDeserializer; use a record of simple"
                                + " types instead"),
                Arguments.of(
                        new WithAnyNode(),
                        untellable(
                                "WithAnyNode",
                                "open",
                                "OpenNode",
                                "its @JsonAnySetter is neither a Map nor a method of a name and a value")),
                Arguments.of(
                        new WithUnwrappedOpen(),
                        "WithUnwrappedOpen.go, parameter \"flat\", member Flat.loose: the type"
                                + " dev.parley.tools.RegistrationFaultsTest$Loose cannot be told to a model: it has an"
                                + " @JsonAnySetter, and is unwrapped; use a record of simple types instead"),
                Arguments.of(
                        new WithUnwrappedNull(),
                        "WithUnwrappedNull.go, parameter \"flat\", member FlatAndAbsent.wish: what is unwrapped cannot be"
                                + " absent; let its own members be optional"),
                Arguments.of(
                        new WithUnwrappedOptional(),
                        "WithUnwrappedOptional.go, parameter \"flat\", member FlatAndOptional.wish: what is unwrapped cannot be"
                                + " absent; let its own members be optional"),
                Arguments.of(
                        new WithUnwrappedTwice(),
                        untellable("WithUnwrappedTwice", "flat", "FlatTwice", "two of its members are named asize")),
                Arguments.of(
                        new WithMemberDeserializer(),
                        untellable(
                                "WithMemberDeserializer",
                                "customised",
                                "Customised",
                                "its member all has a deserializer or a converter of its own, which no schema can be told"
                                        + " of")),
                Arguments.of(
                        new WithDeserializerHere(),
                        "WithDeserializerHere.go, parameter \"wish\": @JsonDeserialize is for types and their members; take"
                                + " it away, and convert in the method"),
                Arguments.of(
                        new WithUnwrapped(),
                        "WithUnwrapped.go, parameter \"flat\", member FlatText.text: the type java.lang.String cannot be"
                                + " told to a model: Jackson reads it with StringDeserializer; use a record of simple types"
                                + " instead"),
                Arguments.of(
                        new SizeOfAnything(),
                        "SizeOfAnything.go, parameter \"box\", member Box.value: @Size cannot be put on an Object or a type"
                                + " variable without a bound; give the variable one that the constraint can be put on,"
                                + " such as T extends CharSequence, or take the constraint away"),
                Arguments.of(
                        new ComposedOnList(),
                        "ComposedOnList.go, parameter \"names\": @Pattern cannot be put on the type List" + MEND),
                Arguments.of(new BadLimit(), "BadLimit.go: the limit of results must be 1024 bytes at least, not 100"),
                Arguments.of(
                        new WideLimit(),
                        "WideLimit.go: the limit of results must be 16777216 bytes (16 MiB) at most, not 16777217: no"
                                + " provider"
                                + " takes so long an event"),
                Arguments.of(new StaticMin(), "StaticMin.go" + STATIC),
                Arguments.of(new StaticInside(), "StaticInside.go" + STATIC),
                Arguments.of(new StaticTwice(), "StaticTwice.go" + STATIC),
                Arguments.of(
                        new WithInjected(),
                        untellable(
                                "WithInjected",
                                "order",
                                "Order",
                                "its member clerk has @JacksonInject, which the model would be asked for; let the"
                                        + " method take a"
                                        + " ToolContext for what the application knows")),
                Arguments.of(
                        new BadTimeout(),
                        "BadTimeout.go: the timeout \"5 seconds\" must be written as 200ms, 5s or 2m"));
    }

    private static String untellable(String tools, String parameter, String type, String why) {
        return tools + ".go, parameter \"" + parameter + "\": the type dev.parley.tools.RegistrationFaultsTest$" + type
                + " cannot be told to a model: " + why + "; use a record of simple types instead";
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameTheMethodAndTheMend(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
