package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Dates and times in a form of the application's own, as {@code @JsonFormat} has it: told so, and read so. */
class TimeFormsTest {
    private final OneArgument types = new OneArgument(new Tools());

    record Visit(@JsonFormat(pattern = "dd/MM/yyyy") LocalDate day) {}

    static class Bean {
        @JsonFormat(pattern = "HH.mm")
        public LocalTime at = LocalTime.MIN;

        @Override
        public String toString() {
            return "" + at;
        }
    }

    static final class Tools {
        @Tool
        String day(@JsonFormat(pattern = "dd/MM/yyyy") LocalDate v) {
            return "" + v;
        }

        @Tool
        String iso(@JsonFormat(pattern = "yyyy-MM-dd") LocalDate v) {
            return "" + v;
        }

        @Tool
        String future(@JsonFormat(pattern = "dd/MM/yyyy") @Future LocalDate v) {
            return "" + v;
        }

        @Tool
        String clock(@JsonFormat(pattern = "h:mm a", locale = "en") LocalTime v) {
            return "" + v;
        }

        @Tool
        String quoted(@JsonFormat(pattern = "'day' d 'of' MMMM yyyy", locale = "en") LocalDate v) {
            return "" + v;
        }

        @Tool
        String local(@JsonFormat(pattern = "dd.MM.yyyy HH:mm") LocalDateTime v) {
            return "" + v;
        }

        @Tool
        String instant(@JsonFormat(pattern = "dd.MM.yyyy HH:mm", timezone = "Asia/Kolkata") Instant v) {
            return "" + v;
        }

        @Tool
        String offset(@JsonFormat(pattern = "dd.MM.yyyy HH:mm XXX") OffsetDateTime v) {
            return "" + v;
        }

        @Tool
        String zoned(@JsonFormat(pattern = "dd.MM.yyyy HH:mm") ZonedDateTime v) {
            return "" + v;
        }

        @Tool
        String month(@JsonFormat(pattern = "MM/yy") YearMonth v) {
            return "" + v;
        }

        @Tool
        String perhaps(@JsonFormat(pattern = "dd/MM/yyyy") Optional<LocalDate> v) {
            return "" + v;
        }

        @Tool
        String withDefault(
                @JsonFormat(pattern = "dd/MM/yyyy") @P(value = "", defaultValue = "01/02/2026") LocalDate v) {
            return "" + v;
        }

        @Tool
        String asText(@JsonFormat(shape = JsonFormat.Shape.STRING) LocalDate v) {
            return "" + v;
        }

        @Tool
        String record(Visit v) {
            return "" + v;
        }

        @Tool
        String bean(Bean v) {
            return "" + v;
        }
    }

    private static final String DAY =
            "\"type\":\"string\",\"description\":\"A text of the form dd/MM/yyyy, such as 31/01/2026";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "day; \"07/03/2026\"; 2026-03-07; \"2026-03-07\"; dd/MM/yyyy, such as 31/01/2026",
                "day; \"29/02/2028\"; 2028-02-29; \"30/02/2028\"; dd/MM/yyyy, such as 31/01/2026",
                "iso; \"2026-03-07\"; 2026-03-07; \"2026-02-29\"; yyyy-MM-dd, such as 2026-01-31",
                "clock; \"9:05 PM\"; 21:05; \"21:05\"; h:mm a, such as 2:30 PM",
                "quoted; \"day 7 of March 2026\"; 2026-03-07; \"7 March\"; 'day' d 'of' MMMM yyyy, such as day 31 of January 2026",
                "local; \"07.03.2026 14:30\"; 2026-03-07T14:30; \"07.03.2026\"; dd.MM.yyyy HH:mm, such as 31.01.2026 14:30",
                "instant; \"07.03.2026 14:30\"; 2026-03-07T09:00:00Z; \"07.03.2026\"; dd.MM.yyyy HH:mm, such as 31.01.2026 20:00",
                "offset; \"07.03.2026 14:30 +05:30\"; 2026-03-07T14:30+05:30; \"07.03.2026 14:30\"; dd.MM.yyyy HH:mm XXX, such as 31.01.2026 14:30 Z",
                "zoned; \"07.03.2026 14:30\"; 2026-03-07T14:30Z; 7; dd.MM.yyyy HH:mm, such as 31.01.2026 14:30",
                "month; \"03/26\"; 2026-03; \"2026-03\"; MM/yy, such as 01/26",
            })
    void isToldAndReadInItsForm(String tool, String good, String bound, String bad, String form) throws Exception {
        String not = bad.startsWith("\"") ? "" : ", not a number";
        types.assertToldAndBound(
                tool,
                "required",
                "{\"type\":\"string\",\"description\":\"A text of the form " + form + "\"}",
                good,
                bound,
                bad,
                "v must be a text of the form " + form + not);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    future; required; {%s. Must be after today"}; "07/03/2099"; 2099-03-07; "07/03/2001"; v must be after today
                    perhaps; optional; \
                        {"type":["string","null"],"description":"A text of the form dd/MM/yyyy, such as 31/01/2026"}; \
                        null; Optional.empty; 7; \
                        v must be a text of the form dd/MM/yyyy, such as 31/01/2026, not a number
                    withDefault; optional; {%s","default":"01/02/2026"}; absent; 2026-02-01; "1"; \
                        v must be a text of the form dd/MM/yyyy, such as 31/01/2026
                    asText; required; {"type":"string","format":"date","pattern":"^\\\\d{4}-\\\\d{2}-\\\\d{2}$"}; \
                        "2026-03-07"; 2026-03-07; "1"; v must be a date such as 2026-01-31
                    record; required; \
                        {"type":"object","properties":{"day":{%s"}},"required":["day"],"additionalProperties":false}; \
                        {"day":"07/03/2026"}; Visit[day=2026-03-07]; {"day":"2026-03-07"}; \
                        v.day must be a text of the form dd/MM/yyyy, such as 31/01/2026
                    bean; required; \
                        {"type":"object","properties":{"at":{"type":"string","description":\
                    "A text of the form HH.mm, such as 14.30"}},"required":["at"],"additionalProperties":false}; \
                        {"at":"09.05"}; 09:05; {"at":"9:05"}; v.at must be a text of the form HH.mm, such as 14.30
                    """)
    void goesWithWhatElseIsSaidOfThePlace(
            String tool, String presence, String schema, String good, String bound, String bad, String message)
            throws Exception {
        types.assertToldAndBound(tool, presence, schema.replace("%s", DAY), good, bound, bad, message);
    }

    static class OnText {
        @Tool
        void go(@JsonFormat(pattern = "dd") String v) {}
    }

    static class OnList {
        @Tool
        void go(@JsonFormat(pattern = "dd/MM/yyyy") List<LocalDate> v) {}
    }

    static class NoPattern {
        @Tool
        void go(@JsonFormat(pattern = "dd/bb") LocalDate v) {}
    }

    static class TooLittle {
        @Tool
        void go(@JsonFormat(pattern = "MM/yyyy") LocalDate v) {}
    }

    static class AsNumber {
        @Tool
        void go(@JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant v) {}
    }

    record Price(
            @JsonFormat(shape = JsonFormat.Shape.BOOLEAN) BigDecimal rupees) {}

    static class AsTruth {
        @Tool
        void go(Price v) {}
    }

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record Point(int x, int y) {}

    static class AsArray {
        @Tool
        void go(Point v) {}
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        new OnText(),
                        "OnText.go, parameter \"v\": @JsonFormat(pattern = \"dd\") is read on dates and times alone, and"
                                + " not on String; take it away, and convert in the method"),
                Arguments.of(
                        new OnList(),
                        "OnList.go, parameter \"v\": @JsonFormat(pattern = \"dd/MM/yyyy\") is read on dates and times"
                                + " alone, and not on List; take it away, and convert in the method"),
                Arguments.of(
                        new NoPattern(),
                        "NoPattern.go, parameter \"v\": @JsonFormat(pattern = \"dd/bb\") is no form in which a LocalDate can"
                                + " be read; mend it by the words of java.time.format.DateTimeFormatter"),
                Arguments.of(
                        new TooLittle(),
                        "TooLittle.go, parameter \"v\": @JsonFormat(pattern = \"MM/yyyy\") is no form in which a LocalDate"
                                + " can be read; mend it by the words of java.time.format.DateTimeFormatter"),
                Arguments.of(
                        new AsNumber(),
                        "AsNumber.go, parameter \"v\": @JsonFormat(shape = NUMBER) is not read on Instant; take it away,"
                                + " and convert in the method"),
                Arguments.of(
                        new AsTruth(),
                        "AsTruth.go, parameter \"v\", member Price.rupees: @JsonFormat(shape = BOOLEAN) is not read on"
                                + " BigDecimal; take it away, and convert in the method"),
                Arguments.of(
                        new AsArray(),
                        "AsArray.go, parameter \"v\": the type dev.parley.tools.TimeFormsTest$Point cannot be told to a"
                                + " model: @JsonFormat makes an array of it, whose elements have no names; use a record of"
                                + " simple types instead"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsNotReadFailsAtRegistration(Object toolObject, String message) {
        assertThatThrownBy(() -> Toolbox.of(toolObject))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
