package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import jakarta.validation.metadata.PropertyDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tries constraints at registration, on nothing and on the defaults. A validator finds out at its first value that it cannot
 * do what a constraint asks, and a default that breaks its own constraint would refuse the calls that leave it out. What an
 * application's validator throws about a value is left to the calls: no such call need ever come. So is what asks the clock: a
 * toolbox that builds today must build tomorrow. Confined to the registering thread.
 */
final class Trial {
    private final Validator validator;
    private final Class<?>[] groups;
    private final Checks checks;

    Trial(Validator validator, Class<?>[] groups) {
        this.validator = validator;
        this.groups = groups.clone();
        this.checks = new Checks(validator, groups).withoutClock();
    }

    /**
     * Tries a method's.
     *
     * @param members that each parameter is; null for those that the context gives
     */
    void parameters(String where, Object target, Method method, @Nullable Member[] members) {
        @Nullable Object[] nothing = new Object[members.length];
        tried(where, () -> checks.parameters(target, method, nothing, members, new Reading()));
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            if (member != null && member.fallback() != null) {
                String parameter = where + ", parameter \"" + member.name() + "\"";
                Reading reading = Reading.ofDefault();
                @Nullable Object[] arguments = new Object[members.length];
                arguments[i] = value(member.name(), member.slot(), member.fallback(), reading);
                tried(parameter, () -> checks.parameters(target, method, arguments, members, reading));
                refuse(parameter, member.name(), member.fallback(), reading);
            }
        }
    }

    /** Tries those of a bean's properties, on nothing. */
    void properties(String where, Class<?> bean) {
        for (PropertyDescriptor property :
                validator.getConstraintsForClass(bean).getConstrainedProperties()) {
            String name = property.getPropertyName();
            String member = where + ", member " + bean.getSimpleName() + "." + name;
            String fault = ConstraintFaults.first(property.getConstraintDescriptors());
            if (fault != null) {
                throw Fault.at(member, fault);
            }
            tried(member, () -> validator.validateValue(bean, name, null, groups));
        }
    }

    /**
     * Tries a property's default.
     *
     * @param javaName what Jakarta Validation calls the property
     */
    void fallback(String where, Class<?> bean, String javaName, Slot slot, JsonNode fallback) {
        Reading reading = Reading.ofDefault();
        Object value = value(javaName, slot, fallback, reading);
        if (validator.getConstraintsForClass(bean).getConstraintsForProperty(javaName) != null) {
            tried(where, () -> checks.property(bean, javaName, value, reading));
        }
        tried(where, () -> checks.beans(reading));
        refuse(where, javaName, fallback, reading);
    }

    private static @Nullable Object value(String name, Slot slot, JsonNode fallback, Reading reading) {
        try {
            reading.enter(name);
            Object value = slot.read(StrictJson.again(fallback), reading);
            reading.leave();
            return value;
        } catch (IOException e) {
            throw new IllegalStateException("a default that was read before", e);
        }
    }

    private static void refuse(String where, String name, JsonNode fallback, Reading reading) {
        for (Violation each : reading.violations()) {
            String below = each.argument().startsWith(name) ? each.argument().substring(name.length()) : "of another";
            if (below.isEmpty() || below.startsWith(".") || below.startsWith("[")) {
                String inside = below.startsWith(".") ? below.substring(1) : below;
                throw Fault.at(
                        where,
                        "the default \"" + (fallback.isTextual() ? fallback.textValue() : fallback) + "\" "
                                + (inside.isEmpty() ? "" : "does not hold: " + inside + " ")
                                + each.problem());
            }
        }
    }

    private static void tried(String where, Runnable validation) {
        try {
            validation.run();
        } catch (ValidationException | IllegalArgumentException e) {
            if (!ofTheValue(e)) {
                throw fault(where, e);
            }
        }
    }

    /** What says that constraints cannot be enforced at all. */
    static IllegalArgumentException fault(String where, RuntimeException ofTheValidator) {
        Throwable cause = ofTheValidator;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String why = cause == ofTheValidator ? "" : " (" + cause.getMessage() + ")";
        return Fault.at(
                where,
                "its constraints cannot be enforced; mend them, or take them away: " + ofTheValidator.getMessage()
                        + why);
    }

    private static boolean ofTheValue(@Nullable Throwable thrown) {
        return thrown != null
                && (Arrays.stream(thrown.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("isValid"))
                        || ofTheValue(thrown.getCause()));
    }
}
