package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Defaults of arguments and members: what is told, and what is bound. */
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
        types.assertToldAndBound(
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
        types.assertToldAndBound(
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
}
