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
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Types that no schema can be told of fail when the toolbox is built. */
class UntellableTypesTest {
    record Order(String wish, @JacksonInject String clerk) {}

    static class WithInjected {
        @Tool
        void go(Order order) {}
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

    static Stream<Arguments> faults() {
        return Stream.of(
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
                        new WithBuilder(),
                        untellable(
                                "WithBuilder",
                                "built",
                                "Built",
                                "Builder class `dev.parley.tools.UntellableTypesTest$BuiltBuilder` does not have build"
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
                                + " dev.parley.tools.UntellableTypesTest$Loose cannot be told to a model: it has an"
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
                        new WithInjected(),
                        untellable(
                                "WithInjected",
                                "order",
                                "Order",
                                "its member clerk has @JacksonInject, which the model would be asked for; let the"
                                        + " method take a"
                                        + " ToolContext for what the application knows")));
    }

    private static String untellable(String tools, String parameter, String type, String why) {
        return tools + ".go, parameter \"" + parameter + "\": the type dev.parley.tools.UntellableTypesTest$" + type
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
