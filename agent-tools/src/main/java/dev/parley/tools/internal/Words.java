package dev.parley.tools.internal;

import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.chrono.ChronoLocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sentences for the model. Stateless. */
final class Words {
    private Words() {}

    /** Appends a sentence to a text; both may lack their full stop, and either may be empty. */
    static String sentence(String text, String sentence) {
        if (text.isEmpty() || sentence.isEmpty()) {
            return text + sentence;
        }
        String stop = text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? " " : ". ";
        return text + stop + sentence;
    }

    /** As a part of a sentence: {@code a, b, c}, with the number of the rest if there are many. */
    static String list(List<?> values, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(most, values.size()); i++) {
            text.append(i == 0 ? "" : ", ").append(values.get(i));
        }
        if (values.size() > most) {
            text.append(" and ").append(values.size() - most).append(" more");
        }
        return text.toString();
    }

    /** What a constraint of Jakarta Validation on time means, or null if it is none. */
    static @Nullable String time(String constraint, Class<?> type) {
        boolean day = ChronoLocalDate.class.isAssignableFrom(type) || type == LocalDate.class;
        boolean period = type == Year.class || type == YearMonth.class;
        String present = day ? "today" : period ? "the present one" : "now";
        return switch (constraint) {
            case "Past" -> "must be before " + present;
            case "PastOrPresent" -> "must be " + present + " or earlier";
            case "Future" -> "must be after " + present;
            case "FutureOrPresent" -> "must be " + present + " or later";
            default -> null;
        };
    }

    static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
