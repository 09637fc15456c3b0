package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Defaults that can never be bound, and places that can have none: said when the toolbox is built. */
class DefaultFaultsTest {
    record Stay(
            @JsonProperty(defaultValue = "") String note,
            @JsonProperty(defaultValue = "2") @Min(1) int nights) {}

    record Named(@JsonValue @P(name = "number") String text) {}

    static class WithNamedValue {
        @Tool
        void go(Named v) {}
    }

    record SameNames(@P(name = "b") String a, String b) {}

    static class WithSameNames {
        @Tool
        void go(SameNames v) {}
    }

    record AbsentPrimitive(@P(required = false) int count) {}

    static class WithAbsentPrimitive {
        @Tool
        void go(AbsentPrimitive v) {}
    }

    static class EmptyNumber {
        @Tool
        void go(@P(defaultValue = "") int count) {}
    }

    static class TwoNumbers {
        @Tool
        void go(@P(defaultValue = "2 3") int count) {}
    }

    static class NamedTwice {
        @Tool
        void go(@P(defaultValue = "{\"note\":\"a\",\"note\":\"b\",\"nights\":1}") Stay stay) {}
    }

    static class HugeNumber {
        @Tool
        void go(@P(defaultValue = "1e99999999999") double count) {}
    }

    static class BelowItsMinimum {
        @Tool
        void go(@Min(1) int other, @P(defaultValue = "0") @Min(1) int count) {}
    }

    static class InAnOptional {
        @Tool
        void go(@P(defaultValue = "abc") Optional<@Size(max = 2) String> text) {}
    }

    static class InAList {
        @Tool
        void go(@P(name = "mails_to", defaultValue = "[\"a@b.example\",\"x\"]") List<@Email String> mails) {}
    }

    static class InARecord {
        @Tool
        void go(@P(defaultValue = "{\"note\":\"\",\"nights\":0}") Stay stay) {}
    }

    record Wish(@JsonProperty(defaultValue = "0") @Min(1) int count) {}

    static class OfAStaticMethod {
        @Tool
        static void go(@P(defaultValue = "{\"note\":\"\",\"nights\":0}") Stay stay) {}
    }

    static class OfAMember {
        @Tool
        void go(Wish wish) {}
    }

    record Codes(@JsonProperty(defaultValue = "[\"a\"]") List<@Pattern(regexp = "[A-Z]") String> all) {}

    static class InsideAMember {
        @Tool
        void go(Codes codes) {}
    }

    record Even(int number) {
        @AssertTrue(message = "must be even")
        boolean isEven() {
            return number % 2 == 0;
        }
    }

    record Held(
            @JsonProperty(defaultValue = "{\"number\":1}") Even even) {}

    static class BeanOfAMember {
        @Tool
        void go(Held held) {}
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        new WithNamedValue(),
                        "WithNamedValue.go, parameter \"v\", value of Named: @P gives a name, a default or required = false,"
                                + " which only the place of the whole type can have; say it there"),
                Arguments.of(
                        new WithSameNames(),
                        "WithSameNames.go, parameter \"v\": the type dev.parley.tools.DefaultFaultsTest$SameNames cannot be told"
                                + " to a model: two of its members are named b; use a record of simple types instead"),
                Arguments.of(
                        new WithAbsentPrimitive(),
                        "WithAbsentPrimitive.go, parameter \"v\", member AbsentPrimitive.count: a primitive cannot be absent;"
                                + " use its wrapper, or give it a default"),
                Arguments.of(
                        new EmptyNumber(),
                        "EmptyNumber.go, parameter \"count\": the default \"\" is not one JSON value"),
                Arguments.of(
                        new TwoNumbers(),
                        "TwoNumbers.go, parameter \"count\": the default \"2 3\" is not one JSON value"),
                Arguments.of(
                        new NamedTwice(),
                        "NamedTwice.go, parameter \"stay\": the default \"{\"note\":\"a\",\"note\":\"b\",\"nights\":1}\""
                                + " is not one JSON value"),
                Arguments.of(
                        new HugeNumber(),
                        "HugeNumber.go, parameter \"count\": the default \"1e99999999999\" holds a number with too large an"
                                + " exponent"),
                Arguments.of(
                        new BelowItsMinimum(),
                        "BelowItsMinimum.go, parameter \"count\": the default \"0\" must be greater than or equal to 1"),
                Arguments.of(
                        new InAnOptional(),
                        "InAnOptional.go, parameter \"text\": the default \"abc\" size must be between 0 and 2"),
                Arguments.of(
                        new InAList(),
                        "InAList.go, parameter \"mails_to\": the default \"[\"a@b.example\",\"x\"]\" does not hold: [1]"
                                + " must be a well-formed email address"),
                Arguments.of(
                        new InARecord(),
                        "InARecord.go, parameter \"stay\": the default \"{\"note\":\"\",\"nights\":0}\" does not hold:"
                                + " nights must be greater than or equal to 1"),
                Arguments.of(
                        new OfAStaticMethod(),
                        "OfAStaticMethod.go, parameter \"stay\": the default \"{\"note\":\"\",\"nights\":0}\" does not"
                                + " hold: nights must be greater than or equal to 1"),
                Arguments.of(
                        new OfAMember(),
                        "OfAMember.go, parameter \"wish\", member Wish.count: the default \"0\" must be greater than or"
                                + " equal to 1"),
                Arguments.of(
                        new InsideAMember(),
                        "InsideAMember.go, parameter \"codes\", member Codes.all: the default \"[\"a\"]\" must match"
                                + " \"[A-Z]\""),
                Arguments.of(
                        new BeanOfAMember(),
                        "BeanOfAMember.go, parameter \"held\", member Held.even: the default \"{\"number\":1}\" must be"
                                + " even"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void wrongDefaultFailsWhenTheToolboxIsBuilt(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
