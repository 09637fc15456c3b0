package dev.parley.tools;

import java.util.Arrays;

/**
 * Reduces the letters of a name to what is heard, since speech-to-text writes what it hears in one of several ways.
 * Stateless.
 *
 * <p>The blocks of India's scripts, U+0900 to U+0D7F, have one layout, 128 code points each, so a letter's place in its
 * block says what it is in every script: the names of the constants here are those places.
 */
final class HeardLetters {
    private static final int CANDRABINDU = 0x01;
    private static final int ANUSVARA = 0x02;
    private static final int NA = 0x28;
    private static final int MA = 0x2E;
    private static final int LA = 0x32;
    private static final int RA = 0x30;
    private static final int SA = 0x38;
    private static final int NUKTA = 0x3C;
    private static final int SIGN_AA = 0x3E;
    private static final int VIRAMA = 0x4D;

    /** Malayalam's chillus from U+0D7A: nn, n, rr, l, ll, k. */
    private static final int[] CHILLUS = {NA, NA, RA, LA, LA, 0x15};

    private HeardLetters() {}

    /** A shorter array, or one as long. */
    static int[] of(int[] letters) {
        int[] heard = new int[letters.length];
        int count = 0;
        for (int i = 0; i < letters.length; i++) {
            int folded = indic(letters[i]) ? indic(letters, i) : arabic(letters[i]);
            if (folded != 0) {
                heard[count++] = folded;
            }
        }
        return Arrays.copyOf(heard, count);
    }

    private static boolean indic(int codePoint) {
        return codePoint >= 0x0900 && codePoint <= 0x0D7F;
    }

    /** What stands for a letter; 0 for nothing. */
    private static int indic(int[] letters, int at) {
        int block = letters[at] & ~0x7F;
        int place = letters[at] & 0x7F;
        boolean last = at == letters.length - 1;
        if (letters[at] >= 0x0D7A) {
            return block + CHILLUS[letters[at] - 0x0D7A];
        }
        return switch (place) {
            case VIRAMA, NUKTA -> 0;
            case SIGN_AA -> last ? 0 : letters[at];
            case CANDRABINDU, ANUSVARA -> block + (last ? MA : NA);
            case MA -> block + (beforeLabial(letters, at) ? NA : MA);
            case 0x19, 0x1E, 0x23, 0x29 -> block + NA;
            case 0x31 -> block + RA;
            case 0x33, 0x34 -> block + LA;
            case 0x36, 0x37 -> block + SA;
            case 0x16, 0x18, 0x1B, 0x1D, 0x20, 0x22, 0x25, 0x27, 0x2B, 0x2D -> letters[at] - 1; // aspirates
            case 0x06, 0x08, 0x0A, 0x0F, 0x13, 0x40, 0x42, 0x44, 0x47, 0x4B, 0x63 -> letters[at] - 1; // long vowels
            case 0x60, 0x61 -> letters[at] - 0x55; // long vocalic r and l, far from the short ones
            default -> letters[at];
        };
    }

    /** Whether an m is the nasal of the consonant that follows, which may be written as an anusvara. */
    private static boolean beforeLabial(int[] letters, int at) {
        return at + 2 < letters.length
                && (letters[at + 1] & 0x7F) == VIRAMA
                && (letters[at + 2] & 0x7F) >= 0x2A
                && (letters[at + 2] & 0x7F) <= 0x2D;
    }

    private static int arabic(int codePoint) {
        return switch (codePoint) {
            case 0x0622, 0x0623, 0x0625, 0x0671 -> 0x0627; // alif with madda, hamzas, wasla
            case 0x0629, 0x06C1, 0x06BE -> 0x0647; // ta marbuta, Urdu's two forms of ha
            case 0x0649, 0x06CC -> 0x064A; // alif maqsura, Persian ya
            case 0x06A9 -> 0x0643; // Persian kaf
            case 0x0640, 0x0670 -> 0; // tatweel, superscript alif
            default -> codePoint >= 0x064B && codePoint <= 0x0655 ? 0 : codePoint; // vowel marks
        };
    }
}
