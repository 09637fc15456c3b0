package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is a JSON number. Two lenient readings: a string that holds a number, in the digits of any script; and a
 * whole number written with a fraction of zero.
 *
 * @param least the least value of an integer type that has one
 * @param most the greatest
 * @param quick for integer types: the way of nearly every argument, without a BigDecimal
 */
record Numbers(
        boolean integer,
        @Nullable BigDecimal least,
        @Nullable BigDecimal most,
        Function<BigDecimal, Object> make,
        @Nullable Quick quick)
        implements Shape {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    /** Beyond this many digits a number is an attack, not a number. */
    private static final int MOST_DIGITS = 1000;

    private static final Map<Class<?>, Shape> BY_TYPE = new HashMap<>();

    static {
        whole(Byte.MIN_VALUE, Byte.MAX_VALUE, BigDecimal::byteValueExact, v -> (byte) v, byte.class, Byte.class);
        whole(Short.MIN_VALUE, Short.MAX_VALUE, BigDecimal::shortValueExact, v -> (short) v, short.class, Short.class);
        whole(Integer.MIN_VALUE, Integer.MAX_VALUE, BigDecimal::intValueExact, v -> (int) v, int.class, Integer.class);
        whole(Long.MIN_VALUE, Long.MAX_VALUE, BigDecimal::longValueExact, v -> v, long.class, Long.class);
        BY_TYPE.put(BigInteger.class, new Numbers(true, null, null, BigDecimal::toBigIntegerExact, null));
        BY_TYPE.put(BigDecimal.class, new Numbers(false, null, null, value -> value, null));
        BY_TYPE.put(Number.class, new Numbers(false, null, null, value -> value, null));
        Shape single = new Numbers(
                false, new BigDecimal(-Float.MAX_VALUE), new BigDecimal(Float.MAX_VALUE), BigDecimal::floatValue, null);
        BY_TYPE.put(float.class, single);
        BY_TYPE.put(Float.class, single);
        Shape precise = new Numbers(
                false,
                new BigDecimal(-Double.MAX_VALUE),
                new BigDecimal(Double.MAX_VALUE),
                BigDecimal::doubleValue,
                null);
        BY_TYPE.put(double.class, precise);
        BY_TYPE.put(Double.class, precise);
    }

    private record Quick(long least, long most, LongFunction<Object> make) {}

    private static void whole(
            long least, long most, Function<BigDecimal, Object> make, LongFunction<Object> quick, Class<?>... types) {
        Shape shape = new Numbers(
                true, BigDecimal.valueOf(least), BigDecimal.valueOf(most), make, new Quick(least, most, quick));
        for (Class<?> type : types) {
            BY_TYPE.put(type, shape);
        }
    }

    static @Nullable Shape of(Class<?> type) {
        return BY_TYPE.get(type);
    }

    /** The bounds of integers are told: a model cannot know how many bits a parameter has. */
    @Override
    public ObjectNode tell(Teller teller) {
        ObjectNode told = teller.typed(integer ? "integer" : "number");
        if (integer && least != null && most != null) {
            told.put("minimum", least).put("maximum", most);
        }
        return told;
    }

    @Override
    public @Nullable Object read(JsonParser json, Reading reading) throws IOException {
        if (quick != null
                && json.hasToken(JsonToken.VALUE_NUMBER_INT)
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = json.getLongValue();
            if (quick.least <= value && value <= quick.most) {
                return quick.make.apply(value);
            }
        }
        BigDecimal value = decimal(json);
        if (value == null) {
            return reading.refuse(json, "must be " + noun() + ", not " + Kinds.of(json));
        }
        if (value.precision() - (long) value.scale() > MOST_DIGITS || value.scale() > MOST_DIGITS) {
            return reading.refuse(json, "has too many digits");
        }
        if (integer && value.stripTrailingZeros().scale() > 0) {
            return reading.refuse(json, "must be a whole number");
        }
        if (least != null && most != null && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
            return reading.refuse(
                    json,
                    integer ? "must be from " + least + " to " + most : "is too large for a floating point number");
        }
        return make.apply(value);
    }

    private static @Nullable BigDecimal decimal(JsonParser json) throws IOException {
        if (json.currentToken().isNumeric()) {
            return StrictJson.decimal(json);
        }
        if (json.hasToken(JsonToken.VALUE_STRING) && json.getTextLength() <= MOST_DIGITS) {
            String text = SpokenDigits.ascii(json.getText().trim());
            if (NUMBER.matcher(text).matches()) {
                try {
                    return new BigDecimal(text);
                } catch (NumberFormatException e) {
                    // An exponent beyond what BigDecimal can hold: told as any other text that is no number.
                    return null;
                }
            }
        }
        return null;
    }

    private String noun() {
        return integer ? "a whole number" : "a number";
    }
}
