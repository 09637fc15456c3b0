package dev.parley.tools.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds whether a Java regular expression means the same in ECMA 262, which JSON Schema uses. Only what is the same in both
 * passes: literals, {@code .}, {@code \d}, {@code \w}, escaped punctuation, plain classes, greedy and lazy quantifiers,
 * groups, alternatives and look-ahead. Anything else is told in words instead.
 */
final class EcmaPattern {
    private static final Pattern SAME = Pattern.compile(
            "(?:[^\\\\\\[\\](){}*+?^$|]" // a literal, or the dot
                    + "|\\\\[dDwWtnrf]|\\\\u[0-9a-fA-F]{4}|\\\\[\\\\.*+?^$|(){}\\[\\]/-]" // an escape
                    + "|\\[\\^?(?:[^\\\\\\[\\]&]|\\\\[dDwWtnrf]|\\\\u[0-9a-fA-F]{4}|\\\\[\\\\.*+?^$|(){}\\[\\]/-])+]"
                    + "|\\(\\?[:=!]|\\(|\\)|\\|" // groups and alternatives
                    + "|(?<=[^(|*+?}])(?:[*+?]|\\{\\d+(?:,\\d*)?})\\??)" // a quantifier, lazy or not, never possessive
            );

    private EcmaPattern() {}

    /** The same expression in ECMA 262, or null if it has none. */
    static @Nullable String of(String regexp) {
        boolean anchored = regexp.startsWith("^") && regexp.endsWith("$") && !regexp.endsWith("\\$");
        return anchored && regexp.indexOf('|') < 0
                ? unanchored(regexp.substring(1, regexp.length() - 1))
                : unanchored(regexp);
    }

    private static @Nullable String unanchored(String regexp) {
        Matcher matcher = SAME.matcher(regexp);
        int at = 0;
        while (at < regexp.length()) {
            matcher.region(at, regexp.length()).useTransparentBounds(true);
            if (!matcher.lookingAt()) {
                return null;
            }
            at = matcher.end();
        }
        return regexp;
    }
}
