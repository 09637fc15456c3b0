package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Constraints that could never hold where they stand fail when the toolbox is built. */
class MisplacedConstraintsTest {
    private static final String MEND =
            "; take the constraint away, or put it on what the type holds, or give it a validator";

    private static final String STATIC =
            ": Jakarta Validation leaves static methods out, so that the constraints on its"
                    + " parameters would neither be told nor hold; take static away";

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

    static Stream<Arguments> faults() {
        return Stream.of(
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
                        new SizeOfAnything(),
                        "SizeOfAnything.go, parameter \"box\", member Box.value: @Size cannot be put on an Object or a type"
                                + " variable without a bound; give the variable one that the constraint can be put on,"
                                + " such as T extends CharSequence, or take the constraint away"),
                Arguments.of(
                        new ComposedOnList(),
                        "ComposedOnList.go, parameter \"names\": @Pattern cannot be put on the type List" + MEND),
                Arguments.of(new StaticMin(), "StaticMin.go" + STATIC),
                Arguments.of(new StaticInside(), "StaticInside.go" + STATIC),
                Arguments.of(new StaticTwice(), "StaticTwice.go" + STATIC));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameTheMethodAndTheMend(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
