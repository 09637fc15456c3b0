package dev.parley.tools;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * Compares names leniently, since speech-to-text spells one name in many ways. For recognising a person who is already
 * known by something strict (a phone number); never enough alone to tell who somebody is. Stateless.
 */
public final class SpokenNames {
    /** In code points that count. The longest names are far shorter, and comparing takes time by the square. */
    private static final int LONGEST = 256;

    private SpokenNames() {}

    /**
     * Whether two spellings are likely to be the same name: equal after composition (NFC), lower case, and dropping spaces,
     * punctuation and joiners, or else a small edit distance apart: one edit from 4 letters on, two from 8, three from 12.
     * Vowel signs are compared, and not counted as letters. Shorter names must be equal, and an empty name is similar to
     * nothing. A text of more than 256 letters and signs is no name that somebody misheard: it must be equal too.
     *
     * <p>In the scripts of India (Devanagari to Malayalam) what is heard alike does not count: aspiration (ധ, ദ), the length
     * of vowels, viramas and chillu letters, nuktas, an anusvara or a nasal before a consonant, the three sibilants (ശ, ഷ,
     * സ), the kinds of n, l and r, a long a at the end (the sign of a long a within a name does count). In the Arabic
     * script vowel marks, hamzas on alif, and the forms of ya, kaf and ta marbuta do not.
     */
    public static boolean similar(String a, String b) {
        int[] left = letters(a);
        int[] right = letters(b);
        if (left.length == 0 || right.length == 0) {
            return false;
        }
        if (left.length > LONGEST || right.length > LONGEST) {
            return Arrays.equals(left, right);
        }
        int allowed = (int) Math.min(3, Math.min(counted(left), counted(right)) / 4);
        return Math.abs(left.length - right.length) <= allowed && distance(left, right) <= allowed;
    }

    private static long counted(int[] letters) {
        return Arrays.stream(letters).filter(Character::isLetterOrDigit).count();
    }

    private static int[] letters(String name) {
        int[] all = Normalizer.normalize(name, Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(SpokenNames::counts)
                .toArray();
        return HeardLetters.of(all);
    }

    /** Vowel signs and viramas are marks, not letters, and carry the name in Indic scripts: they count. */
    private static boolean counts(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> Character.isLetterOrDigit(codePoint);
        };
    }

    /** Levenshtein's distance with adjacent swaps, in code points. */
    private static int distance(int[] a, int[] b) {
        int[] before = new int[b.length + 1];
        int[] previous = new int[b.length + 1];
        int[] current = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            current[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            int[] reused = before;
            before = previous;
            previous = current;
            current = reused;
        }
        return previous[b.length];
    }
}
