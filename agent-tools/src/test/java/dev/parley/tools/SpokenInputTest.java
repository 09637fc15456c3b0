package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Speech-to-text writes digits in the caller's script: every numeric type takes them, and texts that are {@code @Spoken}. */
class SpokenInputTest {
    private static final List<String> SCRIPTS = List.of(
            "൦൧൨൩൪൫൬൭൮൯", // Malayalam
            "०१२३४५६७८९", // Devanagari
            "௦௧௨௩௪௫௬௭௮௯", // Tamil
            "০১২৩৪৫৬৭৮৯", // Bengali
            "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", // Arabic-Indic
            "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"); // its Persian and Urdu forms

    private static final List<String> WHOLE =
            List.of("aByte", "aShort", "anInt", "aLong", "bigInteger", "boxed", "optionalInt", "optionalLong");
    private static final List<String> ANY = List.of("aFloat", "aDouble", "bigDecimal", "number", "optionalDouble");

    private static final Toolbox TOOLBOX =
            Toolbox.builder().tools(new Tools()).executor(Runnable::run).build();

    static final class Tools {
        @Tool
        String aByte(byte v) {
            return "" + v;
        }

        @Tool
        String aShort(short v) {
            return "" + v;
        }

        @Tool
        String anInt(int v) {
            return "" + v;
        }

        @Tool
        String aLong(long v) {
            return "" + v;
        }

        @Tool
        String boxed(Integer v) {
            return "" + v;
        }

        @Tool
        String bigInteger(BigInteger v) {
            return "" + v;
        }

        @Tool
        String optionalInt(OptionalInt v) {
            return "" + v.orElseThrow();
        }

        @Tool
        String optionalLong(OptionalLong v) {
            return "" + v.orElseThrow();
        }

        @Tool
        String aFloat(float v) {
            return "" + v;
        }

        @Tool
        String aDouble(double v) {
            return "" + v;
        }

        @Tool
        String bigDecimal(BigDecimal v) {
            return "" + v;
        }

        @Tool
        String number(Number v) {
            return "" + v;
        }

        @Tool
        String optionalDouble(OptionalDouble v) {
            return "" + v.orElseThrow();
        }

        @Tool
        String spoken(@Spoken String v) {
            return v;
        }

        @Tool
        String spokenList(@Spoken List<String> v) {
            return v.get(0);
        }

        @Tool
        String plain(String v) {
            return v;
        }
    }

    static Stream<Arguments> numbers() {
        return SCRIPTS.stream()
                .flatMap(digits -> Stream.concat(
                        WHOLE.stream()
                                .flatMap(tool -> Stream.of(
                                        Arguments.of(tool, in(digits, "104"), "104"),
                                        Arguments.of(tool, in(digits, "-98"), "-98"),
                                        Arguments.of(tool, in(digits, "3.0"), "3"),
                                        Arguments.of(tool, " " + in(digits, "7") + " ", "7"))),
                        ANY.stream()
                                .flatMap(tool -> Stream.of(
                                        Arguments.of(tool, in(digits, "-567.5"), "-567.5"),
                                        Arguments.of(tool, in(digits, "12.25"), "12.25")))));
    }

    static Stream<Arguments> texts() {
        return SCRIPTS.stream()
                .flatMap(digits -> Stream.of(
                        Arguments.of("spoken", in(digits, "+91 98470-12345"), "+91 98470-12345"),
                        Arguments.of("spoken", in(digits, "0123456789"), "0123456789"),
                        Arguments.of("spoken", "വീട് " + in(digits, "12") + "B", "വീട് 12B"),
                        Arguments.of("spokenList", in(digits, "42"), "42"),
                        Arguments.of("plain", in(digits, "42"), in(digits, "42"))));
    }

    static Stream<Arguments> noNumbers() {
        return SCRIPTS.stream()
                .flatMap(digits ->
                        Stream.of("1 2", "12x", "", "--1", "1,000", "1.").map(text -> Arguments.of(in(digits, text))));
    }

    /** ASCII digits in another script. */
    private static String in(String digits, String ascii) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ascii.length(); i++) {
            char c = ascii.charAt(i);
            text.append(c >= '0' && c <= '9' ? digits.charAt(c - '0') : c);
        }
        return text.toString();
    }

    private String output(String tool, String value) {
        return TOOLBOX.call(ToolCall.of(tool, "{\"v\":" + value + "}"))
                .toCompletableFuture()
                .join()
                .output();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void numberInAnyDigits(String tool, String spoken, String bound) {
        assertThat(output(tool, "\"" + spoken + "\"")).isEqualTo("{\"ok\":true,\"result\":\"" + bound + "\"}");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void digitsOfTextsAreAsciiOnlyWhereTheTextIsSpoken(String tool, String spoken, String bound) {
        String value = tool.equals("spokenList") ? "[\"" + spoken + "\"]" : "\"" + spoken + "\"";

        assertThat(output(tool, value)).isEqualTo("{\"ok\":true,\"result\":\"" + bound + "\"}");
    }

    @ParameterizedTest
    @MethodSource("noNumbers")
    void whatIsNoNumberInAnyScriptIsRefused(String text) {
        assertThat(output("anInt", "\"" + text + "\""))
                .startsWith("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\","
                        + "\"message\":\"v must be a whole number, not a string\"");
    }
}
