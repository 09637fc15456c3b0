package dev.parley.tools.internal;

import dev.parley.core.Clock;
import jakarta.validation.ClockProvider;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Validator;
import jakarta.validation.groups.Default;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.HibernateValidatorFactory;
import org.jspecify.annotations.Nullable;

/** The validator, with a session's own clock for what "today" is. Thread-safe. */
public final class Validation {
    private final @Nullable HibernateValidatorFactory factory;
    private final Validator validator;
    private final Class<?>[] groups;
    private final Checks checks;

    private Validation(@Nullable HibernateValidatorFactory factory, Validator validator, Class<?>[] groups) {
        this.factory = factory;
        this.validator = validator;
        // Without any, metadata would tell the constraints of all groups, and validation apply the default group's.
        this.groups = groups.length == 0 ? new Class<?>[] {Default.class} : groups.clone();
        this.checks = new Checks(validator, this.groups);
    }

    /**
     * Hibernate Validator, as Parley sets it up.
     *
     * @param locale of the sentences that the model reads
     */
    public static Validation hibernate(Locale locale, Class<?>... groups) {
        var configuration = jakarta.validation.Validation.byProvider(HibernateValidator.class)
                .configure();
        MessageInterpolator standard = configuration.getDefaultMessageInterpolator();
        HibernateValidatorFactory factory = configuration
                .messageInterpolator(new InLocale(standard, locale))
                .buildValidatorFactory()
                .unwrap(HibernateValidatorFactory.class);
        return new Validation(factory, factory.getValidator(), groups);
    }

    /** The application's own validator: its messages, its clock. */
    public static Validation of(Validator validator, Class<?>... groups) {
        return new Validation(null, validator, groups);
    }

    /** The same, where now is what a clock says. The application's own validator keeps its own. */
    public Validation at(Clock clock) {
        if (factory == null) {
            return this;
        }
        ClockProvider provider = () -> new ClockOf(clock, ZoneId.systemDefault());
        return new Validation(
                factory, factory.usingContext().clockProvider(provider).getValidator(), groups);
    }

    Validator validator() {
        return validator;
    }

    Class<?>[] groups() {
        return groups.clone();
    }

    Checks checks() {
        return checks;
    }

    private record InLocale(MessageInterpolator standard, Locale locale) implements MessageInterpolator {
        @Override
        public String interpolate(String template, Context context) {
            return standard.interpolate(template, context, locale);
        }

        @Override
        public String interpolate(String template, Context context, Locale other) {
            return standard.interpolate(template, context, locale);
        }
    }

    /** Parley's clock as Java's. */
    private static final class ClockOf extends java.time.Clock {
        private final Clock clock;
        private final ZoneId zone;

        ClockOf(Clock clock, ZoneId zone) {
            this.clock = clock;
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public java.time.Clock withZone(ZoneId other) {
            return new ClockOf(clock, other);
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }
    }
}
