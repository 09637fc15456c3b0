package dev.parley.tools.internal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as annotations write them: {@code 200ms}, {@code 5s}, {@code 2m}. Stateless. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private Durations() {}

    static Duration parse(String where, String text) {
        Matcher matcher = FORM.matcher(text);
        Duration duration = Duration.ZERO;
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMinutes(amount);
            };
        }
        if (duration.isZero()) {
            throw Fault.at(where, "the timeout \"" + text + "\" must be written as 200ms, 5s or 2m");
        }
        return duration;
    }
}
