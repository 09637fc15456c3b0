package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.event.ToolDefinition;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** For each type a method, its exact schema, good values that bind and bad ones with the exact problem. */
class TypesTest {
    private final Toolbox toolbox = Toolbox.of(new Types());

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    enum Size2 {
        S("small"),
        L("large");

        private final String told;

        Size2(String told) {
            this.told = told;
        }

        @JsonValue
        String told() {
            return told;
        }
    }

    record Range(
            @JsonProperty("from") int start,
            @JsonPropertyDescription("the end") int end) {
        @AssertTrue(message = "must end after it starts")
        boolean isOrdered() {
            return end > start;
        }
    }

    static class Person {
        public String name = "";

        @JsonIgnore
        public String secret = "";

        private @Nullable Integer age;

        public @Nullable Integer getAge() {
            return age;
        }

        public void setAge(@Nullable Integer age) {
            this.age = age;
        }

        @Override
        public String toString() {
            return name + ":" + age;
        }
    }

    record Contact(List<@Email String> emails) {}

    record Box<T>(T value) {}

    record Tree(String name, List<Tree> branches) {}

    sealed interface Pet {}

    record Cat(@Positive int lives) implements Pet {}

    record Dog(String name) implements Pet {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash")
    })
    interface Payment {}

    record Card(String number) implements Payment {}

    record Cash() implements Payment {}

    @Pattern(regexp = "[A-Z]{2}\\d{4}")
    @Size(min = 6)
    @Target({ElementType.PARAMETER, ElementType.TYPE_USE})
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface Code {
        String message() default "must be a code";

        Class<?>[] groups() default {};

        Class<? extends jakarta.validation.Payload>[] payload() default {};
    }

    static final class Types {
        @Tool
        String aByte(byte v) {
            return "" + v;
        }

        @Tool
        String aLong(Long v) {
            return "" + v;
        }

        @Tool
        String aDouble(double v) {
            return "" + v;
        }

        @Tool
        String aBigInteger(BigInteger v) {
            return "" + v;
        }

        @Tool
        String aBigDecimal(
                @Digits(integer = 3, fraction = 2) @DecimalMax(value = "100", inclusive = false) BigDecimal v) {
            return "" + v;
        }

        @Tool
        String aBoolean(boolean v) {
            return "" + v;
        }

        @Tool
        String aChar(char v) {
            return "" + v;
        }

        @Tool
        String text(CharSequence v) {
            return v.toString();
        }

        @Tool
        String day(Day v) {
            return v.name();
        }

        @Tool
        String size(Size2 v) {
            return v.name();
        }

        @Tool
        String uuid(UUID v) {
            return "" + v;
        }

        @Tool
        String uri(URI v) {
            return "" + v;
        }

        @Tool
        String locale(Locale v) {
            return v.toLanguageTag();
        }

        @Tool
        String currency(Currency v) {
            return "" + v;
        }

        @Tool
        String date(@Future LocalDate v) {
            return "" + v;
        }

        @Tool
        String time(LocalTime v) {
            return "" + v;
        }

        @Tool
        String dateTime(LocalDateTime v) {
            return "" + v;
        }

        @Tool
        String instant(Instant v) {
            return "" + v;
        }

        @Tool
        String duration(Duration v) {
            return "" + v;
        }

        @Tool
        String month(YearMonth v) {
            return "" + v;
        }

        @Tool
        String ints(int[] v) {
            return Arrays.toString(v);
        }

        @Tool
        String emails(@NotEmpty List<@Email String> v) {
            return "" + v;
        }

        @Tool
        String days(Set<Day> v) {
            return "" + v;
        }

        @Tool
        String map(Map<String, Integer> v) {
            return "" + v;
        }

        @Tool
        String optional(Optional<@Positive Integer> v) {
            return "" + v;
        }

        @Tool
        String optionalInt(OptionalInt v) {
            return "" + v;
        }

        @Tool
        String nullable(@Nullable Day v) {
            return "" + v;
        }

        @Tool
        String notRequired(@P(value = "a note", required = false) String v) {
            return "" + v;
        }

        @Tool
        String withDefault(@P(value = "how many", defaultValue = "2") int v) {
            return "" + v;
        }

        @Tool
        String range(Range v) {
            return "" + v;
        }

        @Tool
        String person(Person v) {
            return "" + v;
        }

        @Tool
        String contact(Contact v) {
            return "" + v;
        }

        @Tool
        String box(Box<List<Day>> v) {
            return "" + v;
        }

        @Tool
        String tree(Tree v) {
            return "" + v;
        }

        @Tool
        String pet(Pet v) {
            return "" + v;
        }

        @Tool
        String pay(Payment v) {
            return "" + v;
        }

        @Tool
        String any(Object v) {
            return "" + v;
        }

        @Tool
        String code(@Code String v) {
            return v;
        }

        @Tool
        String aShort(short v) {
            return "" + v;
        }

        @Tool
        String anInt(Integer v) {
            return "" + v;
        }

        @Tool
        String aFloat(float v) {
            return "" + v;
        }

        @Tool
        String aNumber(Number v) {
            return "" + v;
        }

        @Tool
        String offsetDateTime(OffsetDateTime v) {
            return "" + v;
        }

        @Tool
        String zonedDateTime(ZonedDateTime v) {
            return "" + v;
        }

        @Tool
        String offsetTime(OffsetTime v) {
            return "" + v;
        }

        @Tool
        String period(Period v) {
            return "" + v;
        }

        @Tool
        String year(Year v) {
            return "" + v;
        }

        @Tool
        String monthDay(MonthDay v) {
            return "" + v;
        }

        @Tool
        String zone(ZoneId v) {
            return "" + v;
        }

        @Tool
        String zoneOffset(ZoneOffset v) {
            return "" + v;
        }

        @Tool
        String optionalLong(OptionalLong v) {
            return "" + v;
        }

        @Tool
        String optionalDouble(OptionalDouble v) {
            return "" + v;
        }

        @Tool
        String sortedSet(SortedSet<String> v) {
            return "" + v;
        }

        @Tool
        String queue(Queue<Day> v) {
            return "" + v;
        }

        @Tool
        String letters(Character[] v) {
            return Arrays.toString(v);
        }

        @Tool
        String json(JsonNode v) {
            return v.path("a").asText();
        }

        @Tool
        String deep(Map<String, List<Optional<Range>>> v) {
            return "" + v;
        }

        @Tool
        String lookBehind(@Pattern(regexp = "(?<=a)b|c++") String v) {
            return v;
        }
    }

    private String call(String tool, String value) throws Exception {
        String arguments = value.equals("absent") ? "{}" : "{\"v\":" + value + "}";
        return toolbox.call(ToolCall.of(tool, arguments))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/types.tsv", delimiter = '\t', quoteCharacter = '~', maxCharsPerColumn = 10_000)
    void typeIsToldAndBound(String tool, String schema, String good, String bound, String bad, String problem)
            throws Exception {
        String told = toolbox.definitions().stream()
                .filter(each -> each.name().equals(tool))
                .map(ToolDefinition::parametersJson)
                .findFirst()
                .orElseThrow();
        assertThat(told).startsWith("{\"type\":\"object\",\"properties\":{\"v\":");
        assertThat(told.substring("{\"type\":\"object\",\"properties\":{\"v\":".length()))
                .isEqualTo(schema);
        assertThat(call(tool, good)).isEqualTo("{\"ok\":true,\"result\":\"" + bound + "\"}");
        assertThat(call(tool, bad))
                .startsWith("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"" + problem);
    }

    @Test
    void everyTypeHasItsLine() {
        assertThat(toolbox.definitions()).hasSize(58);
    }
}
