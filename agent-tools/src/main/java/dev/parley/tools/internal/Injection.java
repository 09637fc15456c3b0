package dev.parley.tools.internal;

import org.jspecify.annotations.Nullable;

/** What a call's context gives to parameters that the model knows nothing of. */
@FunctionalInterface
public interface Injection {
    /** The value for a parameter of this type. */
    @Nullable
    Object of(Class<?> type);
}
