package dev.parley.tools;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every constraint of Jakarta Validation, and each of the places where one may stand. Today is the clock's, in 2026. */
class EachConstraintTest {
    private final OneArgument types = new OneArgument(Toolbox.builder()
            .tools(new Tools())
            .clock(new FakeClock())
            .executor(Runnable::run)
            .build());

    static class Getters {
        private int count;

        @Max(3)
        public int getCount() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }
    }

    record Places(
            @Max(3) int component,
            List<@Max(3) Integer> list,
            Map<@Size(max = 2) String, @Max(3) Integer> map,
            Optional<@Max(3) Integer> optional,
            List<@Size(max = 2) List<@Max(3) Integer>> deep,
            Getters bean) {}

    @SuppressWarnings("MultipleNullnessAnnotations") // which of them holds is tested
    static final class Tools {
        @Tool
        String notNull(@NotNull @Nullable String v) {
            return "" + v;
        }

        @Tool
        String notBlank(@NotBlank String v) {
            return "" + v;
        }

        @Tool
        String notEmptyText(@NotEmpty String v) {
            return "" + v;
        }

        @Tool
        String notEmptyMap(@NotEmpty Map<String, String> v) {
            return "" + v;
        }

        @Tool
        String sizeOfText(@Size(min = 1, max = 2) String v) {
            return "" + v;
        }

        @Tool
        String sizeOfList(@Size(min = 1, max = 2) List<String> v) {
            return "" + v;
        }

        @Tool
        String sizeOfMap(@Size(max = 1) Map<String, String> v) {
            return "" + v;
        }

        @Tool
        String sizeOfArray(@Size(max = 1) int[] v) {
            return java.util.Arrays.toString(v);
        }

        @Tool
        String min(@Min(3) int v) {
            return "" + v;
        }

        @Tool
        String max(@Max(3) long v) {
            return "" + v;
        }

        @Tool
        String decimalMin(@DecimalMin("0.5") BigDecimal v) {
            return "" + v;
        }

        @Tool
        String decimalMinBeyond(@DecimalMin(value = "0.5", inclusive = false) BigDecimal v) {
            return "" + v;
        }

        @Tool
        String decimalMax(@DecimalMax("0.5") double v) {
            return "" + v;
        }

        @Tool
        String decimalMaxBelow(@DecimalMax(value = "9", inclusive = false) int v) {
            return "" + v;
        }

        @Tool
        String minOfText(@DecimalMin("5") String v) {
            return "" + v;
        }

        @Tool
        String positiveText(@Positive String v) {
            return "" + v;
        }

        @Tool
        String decimalMaxOfText(@DecimalMax(value = "9.5", inclusive = false) String v) {
            return "" + v;
        }

        @Tool
        String positive(@Positive int v) {
            return "" + v;
        }

        @Tool
        String positiveOrZero(@PositiveOrZero int v) {
            return "" + v;
        }

        @Tool
        String negative(@Negative int v) {
            return "" + v;
        }

        @Tool
        String negativeOrZero(@NegativeOrZero int v) {
            return "" + v;
        }

        @Tool
        String digits(@Digits(integer = 2, fraction = 1) BigDecimal v) {
            return "" + v;
        }

        @Tool
        String pattern(@Pattern(regexp = "a+") String v) {
            return "" + v;
        }

        @Tool
        String email(@Email String v) {
            return "" + v;
        }

        @Tool
        String emailOfAHouse(@Email(regexp = ".+@clinic\\.example") String v) {
            return "" + v;
        }

        @Tool
        String past(@Past LocalDate v) {
            return "" + v;
        }

        @Tool
        String pastOrPresent(@PastOrPresent Instant v) {
            return "" + v;
        }

        @Tool
        String future(@Future YearMonth v) {
            return "" + v;
        }

        @Tool
        String futureOrPresent(@FutureOrPresent LocalDate v) {
            return "" + v;
        }

        @Tool
        String assertTrue(@AssertTrue boolean v) {
            return "" + v;
        }

        @Tool
        String assertFalse(@AssertFalse Boolean v) {
            return "" + v;
        }

        @Tool
        String two(@Min(1) @Max(3) int v) {
            return "" + v;
        }

        @Tool
        String places(Places v) {
            return v.bean().getCount() + "";
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndEnforced() throws IOException {
        return types.assertEachLineOf("/types/constraints.tsv");
    }
}
