package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Defaults of arguments and members: what is told, what is bound, and which can never be. */
class DefaultsTest {
    record Stay(
            @JsonProperty(defaultValue = "") String note,
            @JsonProperty(defaultValue = "2") @Min(1) int nights) {}

    record Room(
            @P(name = "room_kind", description = "which kind", defaultValue = "single") @Size(max = 6)
            String kind,

            @P(required = false) String wish,

            @P(defaultValue = "1") @JsonProperty(defaultValue = "2") @Min(1)
            int beds) {}

    static final class Table {
        private final String place;
        private int seats;

        @JsonCreator
        Table(@JsonProperty("place") @P(required = false, value = "") String place) {
            this.place = place;
        }

        public void setSeats(@P(name = "chairs", defaultValue = "4") int seats) {
            this.seats = seats;
        }

        @Override
        public String toString() {
            return place + " " + seats;
        }
    }

    static final class Tools {
        @Tool
        String room(Room v) {
            return "" + v;
        }

        @Tool
        String table(Table v) {
            return "" + v;
        }

        @Tool
        String empty(@P(defaultValue = "") String v) {
            return "<" + v + ">";
        }

        @Tool
        String emptyList(@P(defaultValue = "[]") List<@Email String> v) {
            return "" + v;
        }

        @Tool
        String beside(@P(defaultValue = "3") @Min(1) int v, @NotNull @Size(min = 2) String other) {
            return v + other;
        }

        @Tool
        String stay(Stay v) {
            return "" + v;
        }
    }

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

    static final class Later {
        @Tool
        String go(
                @P(defaultValue = "[\"Nair\"]") @ValuesFrom("doctors") List<String> v,
                @P(defaultValue = "{\"name\":\"Nair\"}") Doctor doctor) {
            return "" + v + doctor;
        }

        private boolean open;

        List<String> doctors() {
            if (!open) {
                throw new IllegalStateException("the database is not there yet");
            }
            return List.of("Nair");
        }
    }

    record Doctor(@ValuesFrom("doctors") String name) {}

    @Test
    void liveValuesAreNotAskedForDefaultsWhenTheToolboxIsBuilt() {
        assertThat(Toolbox.of(new Later()).definitions().get(0).parametersJson())
                .contains("\"default\":[\"Nair\"]", "\"default\":{\"name\":\"Nair\"}");
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

    private final OneArgument types = new OneArgument(new Tools());

    @Test
    void emptyTextIsADefaultAsAnyOther() throws Exception {
        assertThat(types.parameters("empty"))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"string\",\"default\":\"\"}},"
                        + "\"additionalProperties\":false}");
        assertThat(types.answer("empty", "absent")).isEqualTo("<>");
        assertThat(types.answer("emptyList", "absent")).isEqualTo("[]");
    }

    /** Its empty default is no default to Jackson, which could not tell it from none. */
    @Test
    void emptyDefaultOfJacksonsIsNone() throws Exception {
        assertThat(types.schema("stay"))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"note\":{\"type\":\"string\"},\"nights\":{"
                        + "\"type\":\"integer\",\"minimum\":1,\"maximum\":2147483647,\"default\":2}},"
                        + "\"required\":[\"note\"],\"additionalProperties\":false}");
        assertThat(types.answer("stay", "{\"note\":\"x\"}")).isEqualTo("Stay[note=x, nights=2]");
    }

    @Test
    void defaultsAreHeldAgainstTheirOwnConstraintsAlone() {
        assertThat(Toolbox.of(new Tools())
                        .call(ToolCall.of("beside", "{\"other\":\"ab\"}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"3ab\"}");
    }

    @Test
    void whatIsSaidOfAMembersPlaceHoldsAsForAParameter() throws Exception {
        types.isToldAndBound(
                "room",
                "required",
                "{\"type\":\"object\",\"properties\":{\"room_kind\":{\"type\":\"string\","
                        + "\"description\":\"which kind\",\"maxLength\":6,\"default\":\"single\"},"
                        + "\"wish\":{\"type\":[\"string\",\"null\"]},\"beds\":{\"type\":\"integer\",\"minimum\":1,"
                        + "\"maximum\":2147483647,\"default\":1}},\"additionalProperties\":false}",
                "{}",
                "Room[kind=single, wish=null, beds=1]",
                "{\"room_kind\":\"enormous\",\"kind\":\"x\"}",
                "v.kind is not known here; the names are: room_kind, wish, beds");
        assertThat(types.answer("room", "{\"room_kind\":\"enormous\"}"))
                .isEqualTo("invalid_arguments: v.room_kind size must be between 0 and 6");
        types.isToldAndBound(
                "table",
                "required",
                "{\"type\":\"object\",\"properties\":{\"place\":{\"type\":[\"string\",\"null\"]},"
                        + "\"chairs\":{\"type\":\"integer\",\"minimum\":-2147483648,\"maximum\":2147483647,"
                        + "\"default\":4}},\"additionalProperties\":false}",
                "{\"place\":\"window\"}",
                "window 4",
                "{\"seats\":1}",
                "v.seats is not known here; the names are: place, chairs");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        new WithNamedValue(),
                        "WithNamedValue.go, parameter \"v\", value of Named: @P gives a name, a default or required = false,"
                                + " which only the place of the whole type can have; say it there"),
                Arguments.of(
                        new WithSameNames(),
                        "WithSameNames.go, parameter \"v\": the type dev.parley.tools.DefaultsTest$SameNames cannot be told"
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

    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = {})
    @FutureOrPresent
    @ReportAsSingleViolation
    @interface Bookable {
        String message() default "cannot be booked any more";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    record Season(
            @JsonProperty(defaultValue = "2027-01-01") @PastOrPresent
            LocalDate begins) {}

    static final class OnADay {
        @Tool
        String on(@P(defaultValue = "2020-01-01") @FutureOrPresent LocalDate v) {
            return "" + v;
        }

        @Tool
        String booked(@P(defaultValue = "2020-01-01") @Bookable LocalDate v) {
            return "" + v;
        }

        @Tool
        String season(@P(defaultValue = "{\"begins\":\"2999-01-01\"}") Season v) {
            return "" + v;
        }
    }

    /** The wall clock must not say whether a toolbox can be built. */
    @Test
    void aDayIsHeldAgainstTheClockOfTheCallAndNotOfTheBuild() throws Exception {
        FakeClock clock = new FakeClock(Instant.parse("2019-12-31T10:00:00Z"));
        OneArgument onADay = new OneArgument(Toolbox.builder()
                .tools(new OnADay())
                .clock(clock)
                .executor(Runnable::run)
                .build());
        assertThat(onADay.answer("on", "absent")).isEqualTo("2020-01-01");
        assertThat(onADay.answer("season", "absent")).isEqualTo("invalid_arguments: v.begins must be today or earlier");

        clock.advance(Duration.ofDays(3));
        assertThat(onADay.answer("on", "absent")).isEqualTo("invalid_arguments: v must be today or later");
        assertThat(onADay.answer("booked", "absent")).isEqualTo("invalid_arguments: v cannot be booked any more");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void wrongDefaultFailsWhenTheToolboxIsBuilt(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
