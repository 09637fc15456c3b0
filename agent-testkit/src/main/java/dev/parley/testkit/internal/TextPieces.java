package dev.parley.testkit.internal;

import java.util.ArrayList;
import java.util.List;

/** Cuts text as a model sends it. */
final class TextPieces {
    private TextPieces() {}

    /** Pieces of so many characters, none of which is half a character. */
    static List<String> of(String text, int size) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + size);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
