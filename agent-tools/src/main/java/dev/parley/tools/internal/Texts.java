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

    private static final Map<Class<?>, Shape> BY_TYPE = new HashMap<>();

    static {
        BY_TYPE.put(String.class, STRING);
        BY_TYPE.put(CharSequence.class, STRING);
        Shape letter = new Texts("", Pattern.compile("^[^\\ud800-\\udfff]$"), "one character", "", t -> t.charAt(0));
        BY_TYPE.put(char.class, letter);
        BY_TYPE.put(Character.class, letter);
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
                "^\\d{4}-\\d{2}-\\d{2}T" + time + "$",
                "a date and time such as 2026-01-31T14:30",
                "a local date and time such as 2026-01-31T14:30, without an offset",
                LocalDateTime::parse);
        put(
                Instant.class,
                "date-time",
                "",
                "a time such as 2026-01-31T14:30:00Z",
                "",
                text -> OffsetDateTime.parse(text).toInstant());
        String offset = "a date and time with an offset such as 2026-01-31T14:30:00+05:30";
        put(OffsetDateTime.class, "date-time", "", offset, "", OffsetDateTime::parse);
        put(ZonedDateTime.class, "date-time", "", offset, "", ZonedDateTime::parse);
        put(OffsetTime.class, "time", "", "a time with an offset such as 14:30:00+05:30", "", OffsetTime::parse);
        put(Duration.class, "duration", "", "a duration such as PT15M", "", Duration::parse);
        put(Period.class, "duration", "", "a period such as P3D", "a period of days, such as P3D", Period::parse);
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
                "^--\\d{2}-\\d{2}$",
                "a day of the year such as --01-31",
                "a day of the year such as --01-31",
                MonthDay::parse);
        put(ZoneId.class, "", "", "a time zone such as Asia/Kolkata", "a time zone such as Asia/Kolkata", ZoneId::of);
        put(ZoneOffset.class, "", "", "an offset such as +05:30", "an offset such as +05:30", ZoneOffset::of);
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
        if (pattern == null || pattern.matcher(text).find()) {
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
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
