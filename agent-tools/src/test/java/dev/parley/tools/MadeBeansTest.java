package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.output.structured.Description;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Beans that Jackson makes in ways of its own: builders, {@code @JsonUnwrapped}, {@code @JsonAnySetter}. */
class MadeBeansTest {
    private final OneArgument types = new OneArgument(new Tools());

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    /** Immutable, with the builder that Lombok, Immutables or a person would write: its methods give the builder on. */
    @JsonDeserialize(builder = Trip.Builder.class)
    static final class Trip {
        @Size(min = 2)
        private final String to;

        @Description("how many travel")
        @Max(9)
        private final int people;

        private final List<@Pattern(regexp = "[A-Z]+") String> codes;

        private Trip(Builder builder) {
            if (builder.to.equals("Nowhere")) {
                throw new ToolException("nobody goes there");
            }
            this.to = builder.to;
            this.people = builder.people;
            this.codes = builder.codes;
        }

        @JsonProperty("destination")
        public String getTo() {
            return to;
        }

        public int getPeople() {
            return people;
        }

        public List<String> getCodes() {
            return codes;
        }

        @Override
        public String toString() {
            return to + " " + people + " " + codes;
        }

        @JsonPropertyOrder({"destination", "people", "codes"})
        static final class Builder {
            private String to = "";
            private int people;
            private List<String> codes = List.of();

            private Builder() {}

            @JsonProperty("destination")
            Builder withTo(String to) {
                this.to = to;
                return this;
            }

            public Builder withPeople(int people) {
                this.people = people;
                return this;
            }

            @JsonProperty(isRequired = OptBoolean.FALSE)
            public Builder withCodes(List<String> codes) {
                this.codes = codes;
                return this;
            }

            public Trip build() {
                return new Trip(this);
            }
        }
    }

    /** Each step is an object of its own, the type is abstract, and the method that builds has another name. */
    @JsonDeserialize(builder = Step.class)
    abstract static class Lamp {}

    @JsonPOJOBuilder(buildMethodName = "make", withPrefix = "")
    static final class Step {
        private final int watts;
        private final Day day;

        Step() {
            this(0, Day.TUESDAY);
        }

        private Step(int watts, Day day) {
            this.watts = watts;
            this.day = day;
        }

        public Step watts(int some) {
            return new Step(some, day);
        }

        public Step day(Day some) {
            return new Step(watts, some);
        }

        Lamp make() {
            String text = watts + " " + day;
            return new Lamp() {
                @Override
                public String toString() {
                    return text;
                }
            };
        }
    }

    record Street(@Size(max = 8) String name, @Min(1) int number, Optional<String> floor) {}

    record Address(@JsonUnwrapped(prefix = "street_") Street street, String city) {}

    record Move(
            @JsonUnwrapped(prefix = "from_") Address from,
            @JsonUnwrapped(prefix = "to_", suffix = "_new") Address to) {}

    static class House {
        @JsonUnwrapped
        @Sensitive
        public Street street = new Street("", 1, Optional.empty());

        public @Nullable List<House> beside;

        @Override
        public String toString() {
            return street + " " + beside;
        }
    }

    record Room(int beds, @JsonAnySetter Map<Day, @Nullable Boolean> free) {}

    record Wishes(String who, @JsonAnySetter @Size(max = 2) Map<String, @Positive Integer> rest) {}

    @JsonIgnoreProperties("admin")
    static class Form {
        public @Nullable String name;

        @JsonIgnore
        public String secret = "";

        private final Map<String, String> notes = new TreeMap<>();

        @JsonAnySetter
        void note(String day, @Nullable String text) {
            notes.put(day, text);
        }

        @Override
        public String toString() {
            return name + notes + secret;
        }
    }

    static class Filled {
        @JsonAnySetter
        @Sensitive
        public Map<String, Object> all = new TreeMap<>(Map.of("here", true));

        @Override
        public String toString() {
            return "" + all;
        }
    }

    static class Unfilled {
        @JsonAnySetter
        public @Nullable HashMap<Day, Street> all;

        @Override
        public String toString() {
            return "" + all;
        }
    }

    sealed interface Ask {}

    record Call(String number) implements Ask {}

    record Free(@JsonAnySetter Map<String, String> said) implements Ask {}

    static final class Tools {
        @Tool
        String trip(Trip v) {
            return "" + v;
        }

        @Tool
        String trips(Map<String, Trip> v) {
            return "" + v;
        }

        @Tool
        String lamp(Lamp v) {
            return "" + v;
        }

        @Tool
        String address(Address v) {
            return "" + v;
        }

        @Tool
        String move(Move v) {
            return "" + v;
        }

        @Tool
        String house(House v) {
            return "" + v;
        }

        @Tool
        String room(Room v) {
            return "" + v;
        }

        @Tool
        String wishes(Wishes v) {
            return "" + v;
        }

        @Tool
        String form(Form v) {
            return "" + v;
        }

        @Tool
        String filled(Filled v) {
            return "" + v;
        }

        @Tool
        String unfilled(Unfilled v) {
            return "" + v;
        }

        @Tool
        String ask(Ask v) {
            return "" + v;
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndBound() throws IOException {
        return types.assertEachLineOf("/types/made.tsv");
    }

    @Test
    void sensitiveOnesAreMaskedByTheNamesThatJsonHas() {
        assertThat(types.definition("house").sensitivePaths())
                .containsExactlyInAnyOrder("v.name", "v.number", "v.floor", "v.beside");
        assertThat(types.definition("filled").sensitivePaths()).containsExactly("v");
    }
}
