package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ContainerElementTypeDescriptor;
import jakarta.validation.metadata.ElementDescriptor;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.hibernate.validator.constraints.CompositionType;
import org.hibernate.validator.constraints.ConstraintComposition;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of one place (a parameter, a member, a container's element), from Jakarta Validation's metadata. Told as
 * schema keywords where JSON Schema has them, and in words where it has not. Enforcing them is the validator's part.
 */
final class Rules {
    static final Rules NONE = new Rules(null, Object.class, Set.of(), new Class<?>[0]);

    private final Class<?> type;

    private final List<ConstraintDescriptor<?>> own;
    private final Set<ContainerElementTypeDescriptor> elements;
    private final Class<?>[] groups;
    private final @Nullable TextSize textSize;
    private final @Nullable FloatBounds floatBounds;

    private Rules(
            @Nullable ElementDescriptor element,
            Class<?> type,
            Set<ContainerElementTypeDescriptor> elements,
            Class<?>[] groups) {
        this.type = type;
        this.own = element == null
                ? List.of()
                : element.findConstraints().unorderedAndMatchingGroups(groups).getConstraintDescriptors().stream()
                        .sorted(Comparator.comparing(Rules::name)
                                .thenComparing(each -> each.getAnnotation().toString()))
                        .toList();
        this.textSize = CharSequence.class.isAssignableFrom(type) ? TextSize.of(own) : null;
        boolean isFloat = type == float.class || type == Float.class;
        // What is wrong with the constraints is told with the place, when they are refused.
        this.floatBounds = isFloat && ConstraintFaults.first(own) == null ? FloatBounds.of(own) : null;
        this.elements = elements;
        this.groups = groups;
    }

    static Rules of(ElementDescriptor element, Set<ContainerElementTypeDescriptor> elements, Class<?>[] groups) {
        return new Rules(element, element.getElementClass(), elements, groups);
    }

    /**
     * What holds for the values inside a container.
     *
     * @param typeArgument the position of their type
     * @param raw their class; the validator knows none if they are containers themselves
     */
    Rules element(int typeArgument, Class<?> raw) {
        for (ContainerElementTypeDescriptor each : elements) {
            Integer index = each.getTypeArgumentIndex();
            if (index != null && index == typeArgument) {
                Class<?> declared = each.getElementClass();
                return new Rules(
                        each, declared == null ? raw : declared, each.getConstrainedContainerElementTypes(), groups);
            }
        }
        return NONE;
    }

    /** Whether anything is said here. */
    boolean none() {
        return own.isEmpty();
    }

    /** How long a text must be that stands here, or null. */
    @Nullable
    TextSize textSize() {
        return textSize;
    }

    /** The bounds of a float that stands here, or null. */
    @Nullable
    FloatBounds floatBounds() {
        return floatBounds;
    }

    /**
     * Refuses constraints that cannot hold, or cannot be put on the type that stands here.
     *
     * @param where for the fault
     */
    void refuseUnfit(String where) {
        String fault = ConstraintFaults.first(own);
        if (fault != null) {
            throw Fault.at(where, fault);
        }
        ConstraintDescriptor<?> unsupported = SupportedTypes.unsupported(own, type);
        if (unsupported != null && type == Object.class) {
            // The validator goes by the declared type, whatever the value is: each call would fail.
            throw Fault.at(
                    where,
                    "@" + name(unsupported)
                            + " cannot be put on an Object or a type variable without a bound; give the variable one that the"
                            + " constraint can be put on, such as T extends CharSequence, or take the constraint away");
        }
        if (unsupported != null) {
            throw Fault.at(
                    where,
                    "@" + name(unsupported) + " cannot be put on the type " + type.getSimpleName()
                            + "; take the constraint away, or put it on what the type holds, or give it a validator");
        }
    }

    /** Whether null is refused by a constraint, whatever else says that the value is optional. */
    boolean refuseNull() {
        return own.stream().anyMatch(each -> {
            Class<?> type = each.getAnnotation().annotationType();
            return type == NotNull.class || type == NotBlank.class || type == NotEmpty.class;
        });
    }

    /**
     * Tells the constraints.
     *
     * @param words takes sentences for what has no keyword
     */
    void tell(ObjectNode schema, Class<?> type, Consumer<String> words) {
        own.forEach(each -> tell(each, schema, type, words));
    }

    private void tell(ConstraintDescriptor<?> constraint, ObjectNode schema, Class<?> type, Consumer<String> words) {
        Annotation annotation = constraint.getAnnotation();
        Set<ConstraintDescriptor<?>> parts = constraint.getComposingConstraints();
        if (toldInParts(constraint)) {
            parts.stream().sorted(Comparator.comparing(Rules::name)).forEach(part -> tell(part, schema, type, words));
            return;
        }
        String kind = kind(schema);
        if (annotation instanceof Size size) {
            size(schema, kind, size.min(), size.max());
        } else if (annotation instanceof NotEmpty) {
            size(schema, kind, 1, Integer.MAX_VALUE);
        } else if (annotation instanceof NotBlank) {
            size(schema, kind, 1, Integer.MAX_VALUE);
            pattern(schema, "[^\\u0000-\\u0020]");
        } else if (annotation instanceof Min min) {
            bound(schema, kind, BigDecimal.valueOf(min.value()), true, true, words);
        } else if (annotation instanceof Max max) {
            bound(schema, kind, BigDecimal.valueOf(max.value()), false, true, words);
        } else if (annotation instanceof DecimalMin min) {
            bound(schema, kind, new BigDecimal(min.value()), true, min.inclusive(), words);
        } else if (annotation instanceof DecimalMax max) {
            bound(schema, kind, new BigDecimal(max.value()), false, max.inclusive(), words);
        } else if (annotation instanceof Positive) {
            bound(schema, kind, BigDecimal.ZERO, true, false, words);
        } else if (annotation instanceof PositiveOrZero) {
            bound(schema, kind, BigDecimal.ZERO, true, true, words);
        } else if (annotation instanceof Negative) {
            bound(schema, kind, BigDecimal.ZERO, false, false, words);
        } else if (annotation instanceof NegativeOrZero) {
            bound(schema, kind, BigDecimal.ZERO, false, true, words);
        } else if (annotation instanceof Digits digits) {
            words.accept("must have at most " + digits.integer() + " digits before the decimal point and "
                    + digits.fraction() + " after it");
        } else if (annotation instanceof Email email) {
            schema.put("format", "email");
            size(schema, kind, 1, Integer.MAX_VALUE); // not every reader of schemas asserts formats
            if (!email.regexp().equals(".*")) {
                regexp(schema, email.regexp(), email.flags(), words);
            }
        } else if (annotation instanceof Pattern pattern) {
            regexp(schema, pattern.regexp(), pattern.flags(), words);
        } else if (annotation instanceof AssertTrue) {
            schema.put("const", true);
        } else if (annotation instanceof AssertFalse) {
            schema.put("const", false);
        } else if (!(annotation instanceof NotNull)) {
            inWords(constraint, type, words);
        }
    }

    private static void inWords(ConstraintDescriptor<?> constraint, Class<?> type, Consumer<String> words) {
        String time = isJakarta(constraint) ? Words.time(name(constraint), type) : null;
        if (time != null) {
            words.accept(time);
        } else {
            message(constraint, words);
        }
    }

    /** Tells what a constraint says of itself, if that is plain text. */
    static void message(ConstraintDescriptor<?> constraint, Consumer<String> words) {
        String template = constraint.getMessageTemplate();
        if (!template.isBlank() && !template.contains("{")) {
            words.accept(template);
        }
    }

    /** Whether what a constraint is composed of says it all. */
    static boolean toldInParts(ConstraintDescriptor<?> constraint) {
        return !constraint.getComposingConstraints().isEmpty() && !isAlternative(constraint.getAnnotation());
    }

    private static boolean isJakarta(ConstraintDescriptor<?> constraint) {
        return constraint.getAnnotation().annotationType().getName().startsWith("jakarta.validation.constraints.");
    }

    private static String name(ConstraintDescriptor<?> constraint) {
        return constraint.getAnnotation().annotationType().getSimpleName();
    }

    static boolean isAlternative(Annotation annotation) {
        ConstraintComposition how = annotation.annotationType().getAnnotation(ConstraintComposition.class);
        return how != null && how.value() != CompositionType.AND;
    }

    /** The type that the schema tells, without null. */
    static String kind(ObjectNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText();
    }

    private static void size(ObjectNode schema, String kind, int min, int max) {
        String of = switch (kind) {
            case "string" -> "Length";
            case "array" -> "Items";
            case "object" -> "Properties";
            default -> "";
        };
        if (of.isEmpty()) {
            return;
        }
        if (min > schema.path("min" + of).asInt(0)) {
            schema.put("min" + of, min);
        }
        if (max < schema.path("max" + of).asInt(Integer.MAX_VALUE)) {
            schema.put("max" + of, max);
        }
    }

    private static void bound(
            ObjectNode schema,
            String kind,
            BigDecimal bound,
            boolean lower,
            boolean inclusive,
            Consumer<String> words) {
        if (!kind.equals("integer") && !kind.equals("number")) {
            String than = inclusive ? (lower ? "at least " : "at most ") : (lower ? "greater than " : "less than ");
            words.accept("must be " + than + bound.toPlainString());
            return;
        }
        String keyword =
                inclusive ? (lower ? "minimum" : "maximum") : (lower ? "exclusiveMinimum" : "exclusiveMaximum");
        JsonNode before = schema.get(keyword);
        boolean tighter = before == null
                || (lower ? bound.compareTo(before.decimalValue()) > 0 : bound.compareTo(before.decimalValue()) < 0);
        if (tighter) {
            schema.put(keyword, bound);
        }
    }

    private static void regexp(ObjectNode schema, String regexp, Pattern.Flag[] flags, Consumer<String> words) {
        String told = flags.length == 0 ? EcmaPattern.of(regexp) : null;
        if (told == null) {
            words.accept("must match the regular expression " + regexp);
        } else {
            pattern(schema, told.indexOf('|') < 0 ? "^" + told + "$" : "^(?:" + told + ")$");
        }
    }

    private static void pattern(ObjectNode schema, String pattern) {
        if (schema.has("pattern")) {
            schema.withArray("allOf").addObject().put("pattern", pattern);
        } else {
            schema.put("pattern", pattern);
        }
    }
}
