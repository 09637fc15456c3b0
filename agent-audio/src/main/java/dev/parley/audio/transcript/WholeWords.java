package dev.parley.audio.transcript;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text where a word ends. Malayalam and most scripts put spaces between words, so a cut there can split neither a
 * conjunct nor a vowel sign from its letter. Scripts without spaces are cut between whole letters with all their marks.
 */
final class WholeWords {
    private static final Pattern LETTER_WITH_MARKS = Pattern.compile("\\X");

    private WholeWords() {}

    /** The longest beginning of at most {@code limit} characters that ends with a whole word, as a length. */
    static int cut(CharSequence text, int limit) {
        if (limit >= text.length()) {
            return text.length();
        }
        if (Character.isWhitespace(text.charAt(limit))) {
            return trimmed(text, limit);
        }
        int space = limit;
        while (space > 0 && !Character.isWhitespace(text.charAt(space - 1))) {
            space--;
        }
        // the character at the limit may be a mark, which is of no script of its own
        boolean unspaced = limit > 0
                && (unspaced(Character.codePointAt(text, limit)) || unspaced(Character.codePointBefore(text, limit)));
        int lettersEnd = unspaced ? lettersUpTo(text, limit) : 0;
        return trimmed(text, Math.max(space, lettersEnd));
    }

    private static int trimmed(CharSequence text, int end) {
        int cut = end;
        while (cut > 0 && Character.isWhitespace(text.charAt(cut - 1))) {
            cut--;
        }
        return cut;
    }

    private static boolean unspaced(int character) {
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private static int lettersUpTo(CharSequence text, int limit) {
        Matcher letters = LETTER_WITH_MARKS.matcher(text);
        int end = 0;
        while (letters.find() && letters.end() <= limit) {
            end = letters.end();
        }
        return end;
    }
}
