package dev.parley.tools;

import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.Future;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** All of {@code java.time}, as ISO texts. */
class TimeTypesTest {
    private static final String TABLE = "/types/times.tsv";

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

    @ParameterizedTest
    @CsvFileSource(resources = TABLE, delimiter = '\t', quoteCharacter = '~', maxCharsPerColumn = 10_000)
    void isToldAndBound(
            String tool, String presence, String schema, String good, String bound, String bad, String message)
            throws Exception {
        types.isToldAndBound(tool, presence, schema, good, bound, bad, message);
    }

    @Test
    void everyToolHasItsLine() throws Exception {
        types.hasALineForEachTool(TABLE);
    }
}
