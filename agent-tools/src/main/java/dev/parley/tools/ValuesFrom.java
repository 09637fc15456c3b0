package dev.parley.tools;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values that an argument may have now: the answer of a no-argument method of the tool object, of any visibility, that
 * returns a collection, an array or a stream of strings, numbers or enum constants.
 *
 * <p>The schema's {@code enum} is the method's answer at the time of {@link Toolbox#definitions()} (for a session: when it
 * connects), and each call is checked against the answer at the time of the call. If the method throws or returns
 * nothing, the schema has no {@code enum}; so if it has not answered 5 s after a session began to connect, which asks on a
 * thread of its own; over 500 values it lists none and says so. On a member of a record or bean the
 * method is still the tool object's. On a collection or an {@code Optional} it is about the values inside.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface ValuesFrom {
    /** The method's name. */
    String value();
}
