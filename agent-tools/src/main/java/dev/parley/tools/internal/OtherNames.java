package dev.parley.tools.internal;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What becomes of names that are none of an object's members. Immutable. */
sealed interface OtherNames {

    /** They are taken, or not at all. */
    enum Untaken implements OtherNames {
        REFUSED,
        PASSED_OVER
    }

    /**
     * They are kept, as {@code @JsonAnySetter} asks.
     *
     * @param key what the names must be; null if any will do
     * @param value what they hold
     * @param never names that are refused all the same, since the type ignores them
     * @param words what is said of them all and has no keyword; empty if nothing
     * @param sensitive whether what they hold is masked for onlookers
     * @param empty makes what they are kept in
     */
    record Taken(
            @Nullable Slot key,
            Slot value,
            Set<String> never,
            String words,
            boolean sensitive,
            Supplier<Map<Object, @Nullable Object>> empty)
            implements OtherNames {}
}
