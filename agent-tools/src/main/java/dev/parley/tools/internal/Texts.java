package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
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
import java.util.Currency;
import java.util.HashMap;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is a JSON string: text itself, and types that are written as text.
 *
 * @param format JSON Schema's {@code format}; empty for none
 * @param pattern what the schema tells, and what is checked before parsing; empty for none
 * @param noun what is expected, as in "must be a date such as 2026-01-31"
 * @param hint told in the description where the format alone says too little; empty for none
 * @param parse throws a DateTimeException or an IllegalArgumentException if the text is none
 */
record Texts(String format, @Nullable Pattern pattern, String noun, String hint, Function<String, Object> parse)
        implements Shape {

    static final Shape STRING = new Texts("", null, "a string", "", text -> text);

    private static final String OFFSET = "[+-]((0\\d|1[0-7]):[0-5]\\d|18:00)";

    /** The days of every year: the calendar in full, where no format that tells it can stand beside. */
    private static final String DAYS =
            "(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8])";

    private static final String LEAP_DAYS =
            "(\\d{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29";

    private static final Map<Class<?>, Shape> BY_TYPE = new HashMap<>();

    static {
        BY_TYPE.put(String.class, STRING);
        BY_TYPE.put(CharSequence.class, STRING);
        // A char is only half of what stands beyond U+FFFF.
        String letter = "^[\\u0000-\\ud7ff\\ue000-\\uffff]$";
        put(char.class, "", letter, "one character", "", text -> text.charAt(0));
        put(Character.class, "", letter, "one character", "", text -> text.charAt(0));
        put(
                UUID.class,
                "uuid",
                "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
                "a UUID",
                "",
                UUID::fromString);
        put(URI.class, "uri-reference", "", "a URI", "", Texts::uri);
        put(
                Locale.class,
                "",
                "",
                "a language tag such as ml-IN",
                "a language tag such as ml-IN",
                text -> new Locale.Builder()
                        .setLanguageTag(text.replace('_', '-'))
                        .build());
        put(
                Currency.class,
                "",
                "^[A-Z]{3}$",
                "a currency code such as INR",
                "a currency code such as INR",
                Currency::getInstance);
        times();
    }

    private static void times() {
        String time = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?";
        put(LocalDate.class, "date", "^\\d{4}-\\d{2}-\\d{2}$", "a date such as 2026-01-31", "", LocalDate::parse);
        put(
                LocalTime.class,
                "time",
                "^" + time + "$",
                "a time such as 14:30",
                "a local time such as 14:30, without an offset",
                LocalTime::parse);
        put(
                LocalDateTime.class,
                "date-time",
                "^(\\d{4}-(" + DAYS + ")|" + LEAP_DAYS + ")T" + time + "$",
                "a date and time such as 2026-01-31T14:30",
                "a local date and time such as 2026-01-31T14:30, without an offset",
                LocalDateTime::parse);
        spans();
        // As RFC 3339 has it, which the format means: with seconds. Java's offsets end at 18 hours.
        String zoned = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?([Zz]|" + OFFSET + ")$";
        String moment = "^\\d{4}-\\d{2}-\\d{2}[Tt]" + zoned;
        put(
                Instant.class,
                "date-time",
                moment,
                "a time such as 2026-01-31T14:30:00Z",
                "",
                text -> OffsetDateTime.parse(text).toInstant());
        String offset = "a date and time with an offset such as 2026-01-31T14:30:00+05:30";
        put(OffsetDateTime.class, "date-time", moment, offset, "", OffsetDateTime::parse);
        put(ZonedDateTime.class, "date-time", moment, offset, "", ZonedDateTime::parse);
        put(
                OffsetTime.class,
                "time",
                "^" + zoned,
                "a time with an offset such as 14:30:00+05:30",
                "",
                OffsetTime::parse);
        put(Year.class, "", "^\\d{4}$", "a year such as 2026", "a year such as 2026", Year::parse);
        put(
                YearMonth.class,
                "",
                "^\\d{4}-(0[1-9]|1[0-2])$",
                "a month such as 2026-01",
                "a month such as 2026-01",
                YearMonth::parse);
        put(
                MonthDay.class,
                "",
                "^--((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))$",
                "a day of the year such as --01-31",
                "a day of the year such as --01-31",
                MonthDay::parse);
        put(ZoneId.class, "", "", "a time zone such as Asia/Kolkata", "a time zone such as Asia/Kolkata", ZoneId::of);
        put(
                ZoneOffset.class,
                "",
                "^(Z|" + OFFSET + ")$",
                "an offset such as +05:30",
                "an offset such as +05:30",
                ZoneOffset::of);
    }

    /** The durations of RFC 3339, appendix A, of which Java knows days and time apart from years, months and weeks. */
    private static void spans() {
        String time = "T(N+H(N+M(N+S)?)?|N+M(N+S)?|N+S)";
        put(
                Duration.class,
                "duration",
                ("^P(N+D(" + time + ")?|" + time + ")$").replace("N+", "\\d{1,9}"),
                "a duration such as PT15M",
                "",
                Duration::parse);
        put(
                Period.class,
                "duration",
                "^P(N+W|N+Y(N+M(N+D)?)?|N+M(N+D)?|N+D)$".replace("N+", "\\d{1,6}"),
                "a period such as P3D",
                "a period of days, such as P3D",
                Period::parse);
    }

    private static void put(
            Class<?> type, String format, String pattern, String noun, String hint, Function<String, Object> parse) {
        BY_TYPE.put(type, new Texts(format, pattern.isEmpty() ? null : Pattern.compile(pattern), noun, hint, parse));
    }

    /** The shape of a type that is written as text, or null if the type is none of them. */
    static @Nullable Shape of(Class<?> type) {
        return BY_TYPE.get(type);
    }

    /** Whole numbers as texts, which the names of an object are, or null if the type is none of them. */
    static @Nullable Shape ofDigits(Class<?> type) {
        if (type == Long.class) {
            return digits(18, Long::valueOf);
        }
        if (type == Integer.class) {
            return digits(9, Integer::valueOf);
        }
        if (type == Short.class) {
            return digits(4, Short::valueOf);
        }
        return type == Byte.class ? digits(2, Byte::valueOf) : null;
    }

    private static Shape digits(int most, Function<String, Object> parse) {
        Pattern pattern = Pattern.compile("^(?:0|-?[1-9]\\d{0," + (most - 1) + "})$");
        return new Texts("", pattern, "a whole number of at most " + most + " digits", "", parse);
    }

    @Override
    public ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed("string");
        if (!format.isEmpty()) {
            told.put("format", format);
        }
        if (pattern != null) {
            told.put("pattern", pattern.pattern());
        }
        if (!hint.isEmpty()) {
            told.put(Teller.HINT, hint);
        }
        return told;
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            return reading.refuse(json, "must be " + noun + ", not " + Kinds.of(json));
        }
        String text = json.getText();
        if (pattern == null || pattern.matcher(text).matches()) {
            try {
                return parse.apply(text);
            } catch (DateTimeException | IllegalArgumentException | IllformedLocaleException e) {
                // Its text is about parsers; what the model needs is below.
                return reading.refuse(json, "must be " + noun);
            }
        }
        return reading.refuse(json, "must be " + noun);
    }

    private static Object uri(String text) {
        try {
            URI uri = new URI(text);
            if (!uri.toASCIIString().equals(text)) {
                throw new IllegalArgumentException("an IRI: Java takes it, and the format does not");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
