package dev.parley.tools.internal;

import dev.parley.tools.ToolException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes Java objects from values that were read; what their own code throws is a problem of the arguments. Stateless. */
final class Creation {
    private static final Logger log = LoggerFactory.getLogger(Creation.class);

    /** Makes an object from the values that were read for it. */
    @FunctionalInterface
    interface Maker {
        /** @param values may be kept or changed */
        Object make(@Nullable Object[] values) throws ReflectiveOperationException;
    }

    private Creation() {}

    /** The object; or null, and {@code reading} knows why. */
    static @Nullable Object make(Class<?> type, Maker maker, @Nullable Object[] values, Reading reading) {
        try {
            return maker.make(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ToolException forTheModel) {
                return reading.problem("is refused: " + forTheModel.getMessage());
            }
            // Its message would hold the caller's words, as Objects.requireNonNull and parsers write them.
            log.warn("a creator or a setter of {} threw {}", type.getName(), kind(e));
            return reading.problem("is refused: these values do not go together");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }

    private static String kind(InvocationTargetException e) {
        Throwable thrown = e.getCause() == null ? e : e.getCause();
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Calls a constructor or a static method that was made accessible. */
    static Object call(Executable creator, @Nullable Object[] arguments) throws ReflectiveOperationException {
        return creator instanceof Constructor<?> constructor
                ? constructor.newInstance(arguments)
                : ((Method) creator).invoke(null, arguments);
    }
}
