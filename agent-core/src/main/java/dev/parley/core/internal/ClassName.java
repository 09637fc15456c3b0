package dev.parley.core.internal;

/** What a message calls a class. */
public final class ClassName {
    private ClassName() {}

    /** Its simple name; the whole one of an anonymous class, which has no other. */
    public static String of(Object instance) {
        Class<?> type = instance.getClass();
        return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
    }
}
