package dev.parley.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A dialect's facts, of which each stands in several places. */
class DialectTest {
    /** A value that is no fact's default. */
    private static Object other(Type type, Object byDefault) {
        if (type == boolean.class) {
            return !(Boolean) byDefault;
        } else if (type == int.class) {
            return 8_000;
        } else if (type == Duration.class) {
            return Duration.ofMinutes(5);
        } else if (type == SessionSettings.class) {
            return SessionSettings.builder().manualTurns().build();
        } else if (type == Dialect.SessionShape.class) {
            return Dialect.SessionShape.NESTED;
        }
        String name = type.getTypeName();
        if (name.startsWith("java.util.Map<java.lang.Integer")) {
            return Map.of(4000, CloseMeaning.SERVER_BUSY);
        } else if (name.startsWith("java.util.Map<java.lang.String")) {
            return Map.of("busy", CloseMeaning.SERVER_BUSY);
        } else if (name.equals("java.util.Set<java.lang.String>")) {
            return Set.of("late");
        }
        assertThat(name).isEqualTo("java.util.Set<" + Setting.class.getName() + ">");
        return EnumSet.allOf(Setting.class);
    }

    private static List<String> facts() {
        return Arrays.stream(DialectFacts.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .map(Field::getName)
                .filter(name -> !name.equals("name"))
                .toList();
    }

    @Test
    void eachFactIsSetToldAndCopied() throws ReflectiveOperationException {
        assertThat(facts()).hasSizeGreaterThan(20);
        for (String fact : facts()) {
            Method set = Arrays.stream(Dialect.Builder.class.getMethods())
                    .filter(method -> method.getName().equals(fact))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nothing sets " + fact));
            Method told = Dialect.class.getMethod(fact);
            Object byDefault = told.invoke(Dialect.builder("one").build());
            Object value = other(set.getGenericParameterTypes()[0], byDefault);
            // Who ignores requests must speak by itself.
            Dialect.Builder builder =
                    Dialect.builder("one").continuesAfterToolOutput(fact.equals("acceptsResponseCreate"));
            set.invoke(builder, value);
            Dialect dialect = builder.build();
            assertThat(byDefault).as(fact).isNotEqualTo(value);
            assertThat(told.invoke(dialect)).as(fact).isEqualTo(value);
            assertThat(told.invoke(dialect.toBuilder().build())).as(fact).isEqualTo(value);
            assertThat(told.invoke(builder.named("two").build())).as(fact).isEqualTo(value);
        }
    }

    @Test
    void aServerThatCouldNeverSpeakAboutAToolIsRefused() {
        assertThatThrownBy(() ->
                        Dialect.builder("mine").acceptsResponseCreate(false).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "mine would stay silent after every tool: it ignores response.create, so say that it continues"
                                + " by itself, with continuesAfterToolOutput(true)");
    }

    @Test
    void aDialectIsNotChangedByTheBuilderThatMadeIt() {
        Dialect.Builder builder = Dialect.builder("one").sampleRate(16_000);
        Dialect dialect = builder.build();
        builder.sampleRate(8_000);
        assertThat(dialect.sampleRate()).isEqualTo(16_000);
        assertThat(dialect.toBuilder().named("two").build().name()).isEqualTo("two");
        assertThat(dialect).hasToString("one");
    }
}
