package dev.parley.tools.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A call whose arguments were read and checked: the method can be run. For one use, on one thread at a time. */
public final class Invocation {
    private final Object target;
    private final Method method;
    private final @Nullable Object[] arguments;

    Invocation(Object target, Method method, @Nullable Object[] arguments) {
        this.target = target;
        this.method = method;
        this.arguments = arguments;
    }

    /**
     * Runs the method.
     *
     * @throws Throwable what the method threw
     */
    public @Nullable Object run() throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
