package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Future;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** All of {@code java.time}, as ISO texts. */
class TimeTypesTest {
    private final OneArgument types = new OneArgument(new Tools());

    static final class Tools {
        @Tool
        String date(LocalDate v) {
            return "" + v;
        }

        @Tool
        String futureDate(@Future LocalDate v) {
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
        String duration(Duration v) {
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
        String yearMonth(YearMonth v) {
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
        String dayOfWeek(DayOfWeek v) {
            return "" + v;
        }

        @Tool
        String month(Month v) {
            return "" + v;
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndBound() throws IOException {
        return types.assertEachLineOf("/types/times.tsv");
    }

    /** What a validator of the schema makes of a local date must be what the calendar makes of it. */
    @Test
    void theSchemaOfALocalDateAndTimeKnowsTheCalendar() throws Exception {
        Pattern pattern = Pattern.compile(new ObjectMapper()
                .readTree(types.schema("dateTime"))
                .path("pattern")
                .textValue());
        for (int year = 0; year < 10_000; year++) {
            int months = year % 50 == 0 ? 13 : 2; // all months of some years, and every February
            for (int month = months == 2 ? 2 : 0; month <= months; month++) {
                for (int day = months == 2 ? 27 : 0; day <= 32; day++) {
                    String text = String.format("%04d-%02d-%02dT14:30", year, month, day);
                    assertThat(pattern.matcher(text).matches()).as(text).isEqualTo(isInTheCalendar(year, month, day));
                }
            }
        }
    }

    private static boolean isInTheCalendar(int year, int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
    }
}
