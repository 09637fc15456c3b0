package dev.parley.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.langchain4j.agent.tool.Tool;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Currency;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Numbers, booleans, texts and enums. */
class ScalarTypesTest {
    private final OneArgument types = new OneArgument(new Tools());

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    enum Size2 {
        S("small"),
        L("large");

        private final String told;

        Size2(String told) {
            this.told = told;
        }

        @JsonValue
        String told() {
            return told;
        }
    }

    @Pattern(regexp = "[A-Z]{2}\\d{4}")
    @Size(min = 6)
    @Target({ElementType.PARAMETER, ElementType.TYPE_USE})
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface Code {
        String message() default "must be a code";

        Class<?>[] groups() default {};

        Class<? extends jakarta.validation.Payload>[] payload() default {};
    }

    static final class Tools {
        @Tool
        String aByte(byte v) {
            return "" + v;
        }

        @Tool
        String boxedByte(Byte v) {
            return "" + v;
        }

        @Tool
        String aShort(short v) {
            return "" + v;
        }

        @Tool
        String boxedShort(Short v) {
            return "" + v;
        }

        @Tool
        String anInt(int v) {
            return "" + v;
        }

        @Tool
        String boxedInt(Integer v) {
            return "" + v;
        }

        @Tool
        String aLong(long v) {
            return "" + v;
        }

        @Tool
        String boxedLong(Long v) {
            return "" + v;
        }

        @Tool
        String aFloat(float v) {
            return "" + v;
        }

        @Tool
        String boxedFloat(Float v) {
            return "" + v;
        }

        @Tool
        String aDouble(double v) {
            return "" + v;
        }

        @Tool
        String boxedDouble(Double v) {
            return "" + v;
        }

        @Tool
        String aBigInteger(BigInteger v) {
            return "" + v;
        }

        @Tool
        String aBigDecimal(
                @Digits(integer = 3, fraction = 2) @DecimalMax(value = "100", inclusive = false) BigDecimal v) {
            return "" + v;
        }

        @Tool
        String aNumber(Number v) {
            return "" + v;
        }

        @Tool
        String aBoolean(boolean v) {
            return "" + v;
        }

        @Tool
        String boxedBoolean(Boolean v) {
            return "" + v;
        }

        @Tool
        String aChar(char v) {
            return "" + v;
        }

        @Tool
        String boxedChar(Character v) {
            return "" + v;
        }

        @Tool
        String aString(String v) {
            return v;
        }

        @Tool
        String aCharSequence(CharSequence v) {
            return v.toString();
        }

        @Tool
        String day(Day v) {
            return v.name();
        }

        @Tool
        String size(Size2 v) {
            return v.name();
        }

        @Tool
        String uuid(UUID v) {
            return "" + v;
        }

        @Tool
        String uri(URI v) {
            return "" + v;
        }

        @Tool
        String locale(Locale v) {
            return v.toLanguageTag();
        }

        @Tool
        String currency(Currency v) {
            return "" + v;
        }

        @Tool
        String code(@Code String v) {
            return v;
        }

        @Tool
        String lookBehind(@Pattern(regexp = "(?<=a)b|c++") String v) {
            return v;
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndBound() throws IOException {
        return types.assertEachLineOf("/types/scalars.tsv");
    }
}
