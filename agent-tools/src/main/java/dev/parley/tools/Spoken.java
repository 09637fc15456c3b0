package dev.parley.tools;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a string argument that comes from speech: decimal digits of any script (൧൨൩, १२३) become ASCII digits before the
 * value is checked and passed on. Numbers need no mark: they accept digits of any script anyway.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface Spoken {}
