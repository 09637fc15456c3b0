package dev.parley.tools.internal;

import dev.parley.tools.ToolResult;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** One run of an annotated method. */
final class MethodInvocation implements Invocation {
    private final Object target;
    private final Method method;
    private final @Nullable Object[] arguments;
    private final ResultWriter results;

    MethodInvocation(Object target, Method method, @Nullable Object[] arguments, ResultWriter results) {
        this.target = target;
        this.method = method;
        this.arguments = arguments;
        this.results = results;
    }

    @Override
    public @Nullable Object run() throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    @Override
    public ToolResult result(@Nullable Object returned) throws IOException {
        return results.result(returned);
    }
}
