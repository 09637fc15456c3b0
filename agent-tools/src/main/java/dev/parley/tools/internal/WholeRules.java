package dev.parley.tools.internal;

import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ElementDescriptor;
import jakarta.validation.metadata.MethodDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.util.Set;
import java.util.TreeSet;

/**
 * Constraints of a whole object: on its class, on properties that JSON has not, on a method's parameters together. They are
 * enforced as all others, and JSON Schema has no place for them but the object's description. Stateless.
 */
final class WholeRules {
    private WholeRules() {}

    /**
     * The words of a bean's.
     *
     * @param placed properties whose own place in the schema tells their constraints, by their names in Java
     * @return sentences; empty if there are none
     */
    static String words(BeanDescriptor bean, Set<String> placed, Class<?>[] groups) {
        Set<String> words = new TreeSet<>();
        collect(bean, groups, words);
        for (PropertyDescriptor property : bean.getConstrainedProperties()) {
            if (!placed.contains(property.getPropertyName())) {
                collect(property, groups, words);
            }
        }
        return sentences(words);
    }

    /** The words of those on a method's parameters together. */
    static String words(MethodDescriptor method, Class<?>[] groups) {
        Set<String> words = new TreeSet<>();
        collect(method.getCrossParameterDescriptor(), groups, words);
        return sentences(words);
    }

    private static void collect(ElementDescriptor element, Class<?>[] groups, Set<String> words) {
        element.findConstraints()
                .unorderedAndMatchingGroups(groups)
                .getConstraintDescriptors()
                .forEach(each -> collect(each, words));
    }

    private static void collect(ConstraintDescriptor<?> constraint, Set<String> words) {
        if (!Rules.toldInParts(constraint)) {
            Rules.message(constraint, words::add);
            return;
        }
        constraint.getComposingConstraints().forEach(part -> collect(part, words));
        if (!constraint.getConstraintValidatorClasses().isEmpty()) {
            Rules.message(constraint, words::add);
        }
    }

    private static String sentences(Set<String> words) {
        String text = "";
        for (String word : words) {
            text = Words.sentence(text, Words.capital(word));
        }
        return text;
    }
}
