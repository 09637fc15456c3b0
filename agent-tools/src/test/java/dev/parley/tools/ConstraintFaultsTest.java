package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Constraints that could never be enforced fail when the toolbox is built, and not at each call. */
class ConstraintFaultsTest {

    static class NoExpression {
        @Tool
        void go(@Pattern(regexp = "[") String text) {}
    }

    static class NoExpressionForMail {
        @Tool
        void go(List<@Email(regexp = "a{2") String> mails) {}
    }

    static class NothingFits {
        @Tool
        void go(@Size(min = 5, max = 2) List<String> all) {}
    }

    static class NothingFitsAKey {
        @Tool
        void go(Map<@Size(min = -1) String, String> all) {}
    }

    record Price(@DecimalMin("x") BigDecimal amount) {}

    static class NoNumber {
        @Tool
        void go(Price price) {}
    }

    static class NoUpperNumber {
        @Tool
        void go(@DecimalMax("") int amount) {}
    }

    static class NoBoundOfAFloat {
        @Tool
        void go(@DecimalMin("1,5") float amount) {}
    }

    static class NoDigits {
        @Tool
        void go(@Digits(integer = 1, fraction = -1) BigDecimal amount) {}
    }

    record Derived(String text) {
        @Pattern(regexp = "(")
        public String getUpper() {
            return text;
        }
    }

    static class NoExpressionForAGetter {
        @Tool
        void go(Derived v) {}
    }

    @Target({ElementType.PARAMETER, ElementType.TYPE_USE})
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = Known.Check.class)
    @interface Known {
        String list();

        String message() default "must be known";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};

        final class Check implements ConstraintValidator<Known, String> {
            @Override
            public void initialize(Known known) {
                if (known.list().isEmpty()) {
                    throw new IllegalStateException("the list has no name");
                }
            }

            @Override
            public boolean isValid(String value, ConstraintValidatorContext context) {
                return !value.isEmpty(); // as many are written: not for null, though it is asked
            }
        }
    }

    static class NoList {
        @Tool
        void go(@Known(list = "") String name) {}
    }

    static class WithList {
        @Tool
        void go(@Known(list = "doctors") String name) {}
    }

    static class Base {
        void go(int count) {}
    }

    static class Redefines extends Base {
        @Tool
        @Override
        void go(@Min(1) int count) {}
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        new NoExpression(),
                        "NoExpression.go, parameter \"text\": @Pattern(regexp = \"[\") is no regular expression: Unclosed"
                                + " character class near character 1"),
                Arguments.of(
                        new NoExpressionForMail(),
                        "NoExpressionForMail.go, parameter \"mails\": @Email(regexp = \"a{2\") is no regular expression:"
                                + " Unclosed counted closure near character 4"),
                Arguments.of(
                        new NothingFits(),
                        "NothingFits.go, parameter \"all\": @Size(min = 5, max = 2) holds for nothing; let min be 0 at"
                                + " least,"
                                + " and max no less than min"),
                Arguments.of(
                        new NothingFitsAKey(),
                        "NothingFitsAKey.go, parameter \"all\": @Size(min = -1, max = 2147483647) holds for nothing; let min"
                                + " be 0 at least, and max no less than min"),
                Arguments.of(
                        new NoNumber(),
                        "NoNumber.go, parameter \"price\", member Price.amount: @DecimalMin(\"x\") is no number; write it"
                                + " as 0.5"),
                Arguments.of(
                        new NoUpperNumber(),
                        "NoUpperNumber.go, parameter \"amount\": @DecimalMax(\"\") is no number; write it as 0.5"),
                Arguments.of(
                        new NoBoundOfAFloat(),
                        "NoBoundOfAFloat.go, parameter \"amount\": @DecimalMin(\"1,5\") is no number; write it as 0.5"),
                Arguments.of(
                        new NoDigits(),
                        "NoDigits.go, parameter \"amount\": @Digits(integer = 1, fraction = -1) holds for nothing; let both"
                                + " be 0 at least"),
                Arguments.of(
                        new NoExpressionForAGetter(),
                        "NoExpressionForAGetter.go, parameter \"v\", member Derived.upper: @Pattern(regexp = \"(\") is"
                                + " no regular expression: Unclosed group near character 2"),
                Arguments.of(
                        new NoList(),
                        "NoList.go: its constraints cannot be enforced; mend them, or take them away: HV000032: Unable"
                                + " to initialize dev.parley.tools.ConstraintFaultsTest$Known$Check. (the list has no"
                                + " name)"),
                Arguments.of(
                        new Redefines(),
                        "Redefines.go: its constraints cannot be enforced; mend them, or take them away: HV000151: A"
                                + " method overriding another method must not redefine the parameter constraint"
                                + " configuration, but method Redefines#go(int) redefines the configuration of"
                                + " Base#go(int)."));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nameThePlace(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static class WithComments {
        @Tool
        String go(@Pattern(regexp = "\\d+ # (digits", flags = Pattern.Flag.COMMENTS) String number) {
            return number;
        }
    }

    @Test
    void expressionsAreReadWithTheirFlags() {
        assertThat(Toolbox.of(new WithComments())
                        .call(ToolCall.of("go", "{\"number\":\"12\"}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"12\"}");
    }

    @Test
    void validatorThatThrowsForNullIsNoFaultWhereNullNeverComes() {
        assertThat(Toolbox.of(new WithList())
                        .call(ToolCall.of("go", "{\"name\":\"Nair\"}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":null}");
    }
}
