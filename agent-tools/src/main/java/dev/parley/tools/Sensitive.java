package dev.parley.tools;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what listeners, recorders and logs see masked: an argument or a member of one, which the call itself gets whole; a
 * tool's method, whose whole result is meant, or a member of what it returns, which the model gets whole.
 *
 * <p>Members of results are found by the types that the method declares. Where it declares {@code Object} or an interface
 * whose implementations Jackson is not told of, mark the method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface Sensitive {}
