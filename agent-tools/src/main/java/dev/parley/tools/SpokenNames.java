package dev.parley.tools;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Compares names leniently, since speech-to-text spells one name in many ways. For recognising a person who is already
 * known by something strict (a phone number); never enough alone to tell who somebody is. Stateless.
 */
public final class SpokenNames {
    private static final int IGNORED = -1;

    private SpokenNames() {}

    /**
     * Whether two spellings are likely to be the same name: equal after composition (NFC), lower case, and dropping spaces,
     * punctuation and joiners, or else a small edit distance apart: one edit from 4 letters and vowel signs on, two from 8,
     * three from 12. Shorter names must be equal, and an empty name is similar to nothing.
     *
     * <p>In the scripts of India (Devanagari to Malayalam) aspiration (ധ, ദ), the length of vowels, viramas and chillu
     * letters do not count: speech-to-text writes them either way.
     */
    public static boolean similar(String a, String b) {
        int[] left = letters(a);
        int[] right = letters(b);
        int shorter = Math.min(left.length, right.length);
        if (shorter == 0) {
            return false;
        }
        int allowed = Math.min(3, shorter / 4);
        return Math.abs(left.length - right.length) <= allowed && distance(left, right) <= allowed;
    }

    private static int[] letters(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(SpokenNames::counts)
                .map(SpokenNames::folded)
                .filter(codePoint -> codePoint != IGNORED)
                .toArray();
    }

    /**
     * The blocks from U+0900 to U+0D7F have one layout, 128 code points each, so a letter's place in its block says what it
     * is in every script.
     */
    private static int folded(int codePoint) {
        if (codePoint < 0x0900 || codePoint > 0x0D7F) {
            return codePoint;
        }
        int place = codePoint & 0x7F;
        if (codePoint >= 0x0D7A) { // Malayalam's chillus: nn, n, rr, l, ll, k
            return 0x0D00 + new int[] {0x23, 0x28, 0x30, 0x32, 0x33, 0x15}[codePoint - 0x0D7A];
        }
        return switch (place) {
            case 0x4D -> IGNORED; // virama
            case 0x16, 0x18, 0x1B, 0x1D, 0x20, 0x22, 0x25, 0x27, 0x2B, 0x2D -> codePoint - 1; // aspirates
            case 0x08, 0x0A, 0x40, 0x42, 0x47, 0x4B -> codePoint - 1; // long vowels, letters and signs
            default -> codePoint;
        };
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
