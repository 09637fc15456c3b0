package dev.parley.tools.internal;

/** Decimal digits of any script as ASCII. Stateless. */
final class SpokenDigits {
    private SpokenDigits() {}

    /** The same text with ASCII digits; the very same string if it has no others. */
    static String ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return rewritten(text);
            }
        }
        return text;
    }

    private static String rewritten(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER) {
                ascii.append(Character.digit(codePoint, 10));
            } else {
                ascii.appendCodePoint(codePoint);
            }
        });
        return ascii.toString();
    }
}
