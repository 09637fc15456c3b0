package dev.parley.tools.internal;

import org.jspecify.annotations.Nullable;

/** Where the value of one of a bean's properties comes from, among the values that {@link Members#read} gives. Immutable. */
sealed interface Source {

    /** The value; {@link Members#ABSENT} if there is none. */
    @Nullable
    Object from(@Nullable Object[] values, Reading reading);

    /** One member's. */
    record Named(int member) implements Source {
        @Override
        public @Nullable Object from(@Nullable Object[] values, Reading reading) {
            return values[member];
        }
    }

    /** A bean of its own, whose members stand among those of the bean that holds it. */
    record Unwrapped(int first, BeanShape bean) implements Source {
        @Override
        public @Nullable Object from(@Nullable Object[] values, Reading reading) {
            @Nullable Object[] own = new Object[bean.members().all().size()];
            System.arraycopy(values, first, own, 0, own.length);
            return bean.made(own, reading);
        }
    }

    /** The map of the other names, which comes last. */
    record Others() implements Source {
        @Override
        public @Nullable Object from(@Nullable Object[] values, Reading reading) {
            return values[values.length - 1];
        }
    }
}
