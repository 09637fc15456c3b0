package dev.parley.tools.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the expression that means in ECMA 262, which JSON Schema uses in its Unicode mode, what a Java regular expression
 * means. Literals, {@code .}, {@code \d}, {@code \w}, escaped punctuation, plain classes, greedy and lazy quantifiers,
 * groups, alternatives and look-ahead have one. Anything else is told in words instead.
 */
final class EcmaPattern {
    private static final String ESCAPE = "\\\\[dDwWtnrf]|\\\\u[0-9a-fA-F]{4}|\\\\[\\\\.*+?^$|(){}\\[\\]/]";
    private static final Pattern PART = Pattern.compile(
            "(?<dot>\\.)|(?<hyphen>\\\\-)"
                    + "|(?<class>\\[\\^?(?:[^\\\\\\[\\]&]|\\\\-|" + ESCAPE + ")+])"
                    + "|[^\\\\\\[\\](){}*+?^$|]|" + ESCAPE
                    + "|\\(\\?[:=!]|\\(|\\)|\\|" // groups and alternatives
                    + "|(?<=[^(|*+?}])(?:[*+?]|\\{\\d+(?:,\\d*)?})\\??" // a quantifier, lazy or not, never possessive
            );

    /** What Java's dot does not match; ECMA's does match U+0085. */
    private static final String ANY = "[^\\n\\r\\u0085\\u2028\\u2029]";

    /** A hyphen after a class within a class is itself in Java, and must be escaped in ECMA's Unicode mode. */
    private static final Pattern LOOSE_HYPHEN = Pattern.compile("(\\\\[dDwW])-(?!])");

    private static final Pattern RANGE_TO_CLASS = Pattern.compile("[^\\[^\\\\]-\\\\[dDwW]");

    private EcmaPattern() {}

    /** The same expression in ECMA 262, or null if it has none. */
    static @Nullable String of(String regexp) {
        boolean anchored = regexp.startsWith("^") && regexp.endsWith("$") && !regexp.endsWith("\\$");
        return anchored && regexp.indexOf('|') < 0
                ? translated(regexp.substring(1, regexp.length() - 1))
                : translated(regexp);
    }

    private static @Nullable String translated(String regexp) {
        StringBuilder told = new StringBuilder();
        Matcher part = PART.matcher(regexp);
        for (int at = 0; at < regexp.length(); at = part.end()) {
            part.region(at, regexp.length()).useTransparentBounds(true);
            if (!part.lookingAt()) {
                return null;
            }
            String group = part.group("class");
            if (group != null && RANGE_TO_CLASS.matcher(group).find()) {
                return null;
            }
            told.append(
                    part.group("dot") != null
                            ? ANY
                            : part.group("hyphen") != null
                                    ? "-"
                                    : group != null
                                            ? LOOSE_HYPHEN.matcher(group).replaceAll("$1\\\\-")
                                            : part.group());
        }
        return told.toString();
    }
}
