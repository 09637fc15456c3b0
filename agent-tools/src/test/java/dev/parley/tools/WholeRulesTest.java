package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraintvalidation.SupportedValidationTarget;
import jakarta.validation.constraintvalidation.ValidationTarget;
import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Constraints of a whole object, which no keyword tells: the object's description has their words, and they hold. */
class WholeRulesTest {
    private static final String INTEGER = "{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647}";

    interface ByPhone {}

    @Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = Ordered.OfSpan.class)
    @interface Ordered {
        String message() default "from must be below to";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};

        @Target(ElementType.ANNOTATION_TYPE)
        @Retention(RetentionPolicy.RUNTIME)
        @Constraint(validatedBy = AgainOfSpan.class)
        @interface Again {
            String message();

            Class<?>[] groups() default {};

            Class<? extends Payload>[] payload() default {};
        }

        class Check<A extends Annotation> implements ConstraintValidator<A, Span> {
            @Override
            public boolean isValid(Span span, ConstraintValidatorContext context) {
                return span.from() < span.to();
            }
        }

        final class OfSpan extends Check<Ordered> {}

        final class AgainOfSpan extends Check<Again> {}
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = Rising.Check.class)
    @interface Rising {
        String message() default "from must be below to";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};

        @SupportedValidationTarget(ValidationTarget.PARAMETERS)
        final class Check implements ConstraintValidator<Rising, Object[]> {
            @Override
            public boolean isValid(Object[] arguments, ConstraintValidatorContext context) {
                return (int) arguments[0] < (int) arguments[1];
            }
        }
    }

    @Ordered
    @Ordered.Again(message = "the span must be in order.")
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = {})
    @interface Composed {
        String message() default "is not told";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    interface Span {
        int from();

        int to();
    }

    @Ordered
    interface InOrder extends Span {}

    record Inherits(int from, int to) implements InOrder {}

    @Composed
    record InParts(int from, int to) implements Span {}

    @Ordered(groups = ByPhone.class)
    record OfAGroup(int from, int to) implements Span {}

    record Derived(int a, int b) {
        @AssertTrue(message = "a and b must differ!")
        boolean isDistinct() {
            return a != b;
        }

        @AssertFalse(message = "a must not be 13")
        boolean isUnlucky() {
            return a == 13;
        }

        @Max(100)
        public int getSum() {
            return a + b;
        }
    }

    record Node(int a, @Nullable Node next) {
        @AssertTrue(message = "must go down")
        boolean isDescending() {
            return next == null || next.a() < a;
        }
    }

    sealed interface Pet {}

    record Cat(int a) implements Pet {
        @AssertTrue(message = "a cat must be even")
        boolean isEven() {
            return a % 2 == 0;
        }
    }

    record Flat(@JsonUnwrapped Inherits span, int c) {
        @AssertTrue(message = "c must be 1")
        boolean isOne() {
            return c == 1;
        }
    }

    record Code(@JsonValue String text) {
        @AssertTrue(message = "must be the same backwards")
        boolean isPalindrome() {
            return new StringBuilder(text).reverse().toString().equals(text);
        }
    }

    record Choice(
            @JsonValue @ValuesFrom("many") @P("its number") String number) {
        @AssertTrue(message = "must not be 7")
        boolean isNotSeven() {
            return !number.equals("7");
        }
    }

    static final class Tools {
        @Tool
        void inherits(@P("the span") Inherits v) {}

        @Tool
        void inParts(InParts v) {}

        @Tool
        void ofAGroup(OfAGroup v) {}

        @Tool
        void derived(Derived v) {}

        @Tool
        void node(Node v) {}

        @Tool
        void pet(Pet v) {}

        @Tool
        void flat(Flat v) {}

        @Tool
        void code(Code v) {}

        @Tool
        void choice(@P("which") Optional<Choice> v) {}

        @Tool
        @Rising
        void arguments(int from, int to) {}

        List<String> many() {
            return IntStream.rangeClosed(1, 501).mapToObj(String::valueOf).toList();
        }
    }

    private final OneArgument types = new OneArgument(new Tools());

    private static String span(String description) {
        return "{\"type\":\"object\"," + description + "\"properties\":{\"from\":" + INTEGER + ",\"to\":" + INTEGER
                + "},\"required\":[\"from\",\"to\"],\"additionalProperties\":false}";
    }

    @Test
    void constraintsOnAClassAreToldOnItsObject() throws Exception {
        assertThat(types.schema("inherits")).isEqualTo(span("\"description\":\"the span. From must be below to\","));
        assertThat(types.schema("inParts"))
                .isEqualTo(span("\"description\":\"From must be below to. The span must be in order.\","));
        assertThat(types.schema("ofAGroup")).isEqualTo(span(""));
        assertThat(new OneArgument(Toolbox.builder()
                                .tools(new Tools())
                                .groups(ByPhone.class)
                                .build())
                        .schema("ofAGroup"))
                .isEqualTo(span("\"description\":\"From must be below to\","));
    }

    @Test
    void constraintsOnPropertiesThatJsonHasNotAreToldOnTheObject() throws Exception {
        assertThat(types.schema("derived"))
                .isEqualTo("{\"type\":\"object\",\"description\":\"A and b must differ! A must not be 13\","
                        + "\"properties\":{\"a\":" + INTEGER + ",\"b\":" + INTEGER
                        + "},\"required\":[\"a\",\"b\"],\"additionalProperties\":false}");
        assertThat(types.schema("flat"))
                .isEqualTo("{\"type\":\"object\",\"description\":\"From must be below to. C must be 1\","
                        + "\"properties\":{\"from\":" + INTEGER + ",\"to\":" + INTEGER + ",\"c\":" + INTEGER
                        + "},\"required\":[\"from\",\"to\",\"c\"],\"additionalProperties\":false}");
    }

    @Test
    void theyAreToldWhereTheTypeStandsAmongOthersOrByName() throws Exception {
        assertThat(types.schema("pet"))
                .isEqualTo("{\"anyOf\":[{\"type\":\"object\",\"description\":\"A cat must be even\",\"properties\":{"
                        + "\"type\":{\"type\":\"string\",\"const\":\"Cat\"},\"a\":" + INTEGER
                        + "},\"required\":[\"type\",\"a\"],\"additionalProperties\":false}]}");
        assertThat(types.parameters("node"))
                .endsWith(
                        "\"$defs\":{\"Node\":{\"type\":\"object\",\"description\":\"Must go down\",\"properties\":{\"a\":"
                                + INTEGER
                                + ",\"next\":{\"anyOf\":[{\"$ref\":\"#/$defs/Node\"},{\"type\":\"null\"}]}},"
                                + "\"required\":[\"a\"],\"additionalProperties\":false}}}");
        assertThat(types.schema("code"))
                .isEqualTo("{\"type\":\"string\",\"description\":\"Must be the same backwards\"}");
    }

    @Test
    void constraintsOnAllParametersAreToldOnTheArguments() {
        assertThat(types.parameters("arguments")).isEqualTo(span("\"description\":\"From must be below to\","));
    }

    @Test
    void wordsOfAWrapperStandOnceWhereItsValuesAreTooManyToList() throws Exception {
        assertThat(types.parameters("choice"))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"v\":{\"type\":[\"string\",\"null\"],"
                        + "\"description\":\"which. its number. Must not be 7. One of 501 values, too many to list;"
                        + " others are"
                        + " refused\"}},\"additionalProperties\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "inherits | {'from':2,'to':1} | v from must be below to",
                "inParts | {'from':2,'to':1} | v from must be below to; v the span must be in order.",
                "derived | {'a':13,'b':13} | v a and b must differ!; v a must not be 13",
                "derived | {'a':50,'b':51} | v must be less than or equal to 100",
                "node | {'a':1,'next':{'a':2}} | v must go down",
                "pet | {'type':'Cat','a':1} | v a cat must be even",
                "flat | {'from':2,'to':1,'c':2} | v c must be 1; v from must be below to",
                "code | 'ab' | v must be the same backwards",
                "choice | '7' | v must not be 7",
            })
    void theyHold(String tool, String bad, String message) throws Exception {
        assertThat(types.answer(tool, bad.replace('\'', '"'))).isEqualTo("invalid_arguments: " + message);
    }

    @Test
    void thoseOnAllParametersHold() throws Exception {
        ToolResult result = Toolbox.of(new Tools())
                .call(ToolCall.of("arguments", "{\"from\":2,\"to\":1}"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(result.output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\","
                        + "\"message\":\"arguments from must be below to\","
                        + "\"violations\":[{\"argument\":\"arguments\",\"problem\":\"from must be below to\"}]}}");
    }
}
