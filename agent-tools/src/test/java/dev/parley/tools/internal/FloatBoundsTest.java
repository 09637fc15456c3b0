package dev.parley.tools.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the bounds of a float cost a call: arithmetic, and no questions to annotations. */
class FloatBoundsTest {
    private final AtomicInteger questions = new AtomicInteger();

    @SuppressWarnings("UnusedVariable") // it carries the annotations
    private static final class Dose {
        @DecimalMin("0.7")
        @DecimalMax(value = "0.8", inclusive = false)
        float amount;
    }

    private <A extends Annotation> ConstraintDescriptor<A> counted(Class<A> type) throws Exception {
        A real = Dose.class.getDeclaredField("amount").getAnnotation(type);
        A annotation = proxy(type, method -> {
            questions.incrementAndGet();
            return method.invoke(real);
        });
        return proxy(
                ConstraintDescriptor.class, method -> method.getName().equals("getAnnotation") ? annotation : Set.of());
    }

    private interface Answer {
        Object to(java.lang.reflect.Method method) throws Exception;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T proxy(Class<?> type, Answer answer) {
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer.to(method));
    }

    @Test
    void areReadFromTheAnnotationsOnce() throws Exception {
        FloatBounds bounds = FloatBounds.of(List.of(counted(DecimalMin.class), counted(DecimalMax.class)));
        int whenRead = questions.get();

        assertThat(bounds.problem(0.7f)).isNull();
        assertThat(bounds.problem(0.75f)).isNull();
        assertThat(bounds.problem(0.8f)).isNull(); // 0.800000012 as a double: the validator's to refuse
        assertThat(whenRead).isPositive();
        assertThat(questions).hasValue(whenRead);
    }
}
