package dev.parley.tools.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalQuery;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code @JsonFormat} on an argument or a member: a date or a time is told and read in that form. Stateless. */
final class TimeForms {
    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2026, 1, 31, 14, 30, 0, 0, ZoneOffset.UTC);

    private static final Map<Class<?>, TemporalQuery<?>> TYPES = Map.of(
            LocalDate.class, LocalDate::from,
            LocalTime.class, LocalTime::from,
            LocalDateTime.class, LocalDateTime::from,
            Instant.class, Instant::from,
            OffsetDateTime.class, OffsetDateTime::from,
            ZonedDateTime.class, ZonedDateTime::from,
            OffsetTime.class, OffsetTime::from,
            Year.class, Year::from,
            YearMonth.class, YearMonth::from,
            MonthDay.class, MonthDay::from);

    private TimeForms() {}

    /**
     * The place as its annotation has it.
     *
     * @throws IllegalArgumentException if the annotation asks for what is not read
     */
    static Slot of(String where, Slot slot, @Nullable JsonFormat format) {
        if (format == null) {
            return slot;
        }
        refuseShape(where, slot, format.shape());
        return format.pattern().isEmpty() ? slot : slot.shaped(shape(where, slot, format));
    }

    private static void refuseShape(String where, Slot slot, JsonFormat.Shape shape) {
        boolean usual = switch (shape) {
            case ANY, NATURAL, STRING, OBJECT, POJO -> true;
            case NUMBER, NUMBER_INT, NUMBER_FLOAT, SCALAR -> slot.shape() instanceof Numbers;
            case ARRAY -> slot.shape() instanceof Containers.Items;
            default -> false;
        };
        if (!usual) {
            throw Fault.at(
                    where,
                    "@JsonFormat(shape = " + shape + ") is not read on "
                            + slot.type().getSimpleName() + "; take it away, and convert in the method");
        }
    }

    private static Texts shape(String where, Slot slot, JsonFormat format) {
        String said = "@JsonFormat(pattern = \"" + format.pattern() + "\")";
        TemporalQuery<?> type = TYPES.get(slot.type());
        if (type == null || !(slot.shape() instanceof Texts)) {
            throw Fault.at(
                    where,
                    said + " is read on dates and times alone, and not on "
                            + slot.type().getSimpleName() + "; take it away, and convert in the method");
        }
        try {
            DateTimeFormatter formatter = formatter(slot.type(), format);
            String sample = formatter.format(SAMPLE);
            Object unused = formatter.parse(sample, type); // what it writes it must be able to read
            String noun = "a text of the form " + format.pattern() + ", such as " + sample;
            return new Texts("", null, noun, noun, text -> formatter.parse(text, type));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw Fault.at(
                    where,
                    said + " is no form in which a " + slot.type().getSimpleName()
                            + " can be read; mend it by the words of java.time.format.DateTimeFormatter");
        }
    }

    private static DateTimeFormatter formatter(Class<?> type, JsonFormat format) {
        Locale locale = format.locale().equals(JsonFormat.DEFAULT_LOCALE)
                ? Locale.getDefault(Locale.Category.FORMAT)
                : Locale.forLanguageTag(format.locale());
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern(strict(format.pattern()), locale).withResolverStyle(ResolverStyle.STRICT);
        boolean isMoment = type == Instant.class || type == OffsetDateTime.class || type == ZonedDateTime.class;
        if (!isMoment) {
            return formatter;
        }
        // Where a text names no zone, Jackson too takes this one.
        return formatter.withZone(
                format.timezone().equals(JsonFormat.DEFAULT_TIMEZONE) ? ZoneOffset.UTC : ZoneId.of(format.timezone()));
    }

    /** With the year that needs no era, {@code u}: only then is 30 February refused, and not made another day. */
    private static String strict(String pattern) {
        if (pattern.indexOf('G') >= 0) {
            return pattern;
        }
        StringBuilder strict = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted ^= c == '\'';
            strict.append(c == 'y' && !quoted ? 'u' : c);
        }
        return strict.toString();
    }
}
