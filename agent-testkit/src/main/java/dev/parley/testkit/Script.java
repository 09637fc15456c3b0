package dev.parley.testkit;

import dev.parley.testkit.internal.Placeholders;
import dev.parley.testkit.internal.ScriptYaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the rehearsal server plays it. Immutable; one script serves any number of connections.
 *
 * <p>In Java:
 *
 * <pre>{@code
 * Script script = Script.named("booking")
 *     .greeting("Welcome to the clinic.")
 *     .turn(Turn.hear("Is the doctor in tomorrow?")
 *         .calls(Call.to("check_availability").with("doctor", "nair").with("date", "${date:+1}").expectOk())
 *         .says("She is in from ten."))
 *     .build();
 * }</pre>
 *
 * <p>The same as a YAML file, for {@link #load}:
 *
 * <pre>
 * name: booking
 * greeting: {say: Welcome to the clinic.}
 * turns:
 *   - hear: Is the doctor in tomorrow?
 *     responses:
 *       - calls:
 *           - {name: check_availability, arguments: {doctor: nair, date: "${date:+1}"}, expect: {ok: true}}
 *       - say: She is in from ten.
 * </pre>
 */
public final class Script {
    private final String name;
    private final @Nullable Speech greeting;
    private final List<Turn> turns;
    private final List<Speech> asides;
    private final @Nullable RehearsalDialect dialect;

    private Script(Builder builder) {
        this.name = builder.name;
        this.greeting = builder.greeting;
        this.turns = List.copyOf(builder.turns);
        this.asides = List.copyOf(builder.asides);
        this.dialect = builder.dialect;
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Reads a YAML file. Audio files are named relative to it, or as {@code classpath:path}.
     *
     * @throws ScriptException that names the file, the turn and the mend
     */
    public static Script load(Path file) {
        return ScriptYaml.load(file);
    }

    /**
     * Reads a YAML file from the class path. Audio files are named relative to it.
     *
     * @param resource for example {@code rehearsals/clinic.yaml}
     * @throws ScriptException that names the file, the turn and the mend
     */
    public static Script loadResource(String resource) {
        return ScriptYaml.loadResource(resource);
    }

    public String name() {
        return name;
    }

    /** What {@code response.create} is answered with before the first turn, or null where the agent never speaks first. */
    public @Nullable Speech greeting() {
        return greeting;
    }

    public List<Turn> turns() {
        return turns;
    }

    /** What out-of-band requests are answered with, in order (OpenAI). */
    public List<Speech> asides() {
        return asides;
    }

    /** Whose server plays it unless the server is told, or null for swaram's. */
    public @Nullable RehearsalDialect dialect() {
        return dialect;
    }

    @Override
    public String toString() {
        return "Script[" + name + ", " + turns.size() + " turns]";
    }

    /** Collects a script. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private @Nullable Speech greeting;
        private final List<Turn> turns = new ArrayList<>();
        private final List<Speech> asides = new ArrayList<>();
        private @Nullable RehearsalDialect dialect;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name);
        }

        /** What the agent says when it is asked to speak first. */
        public Builder greeting(String text) {
            return greeting(Speech.of(text));
        }

        /** What the agent says when it is asked to speak first. */
        public Builder greeting(Speech speech) {
            this.greeting = Objects.requireNonNull(speech);
            return this;
        }

        /** The caller's next turn. */
        public Builder turn(Turn turn) {
            turns.add(Objects.requireNonNull(turn));
            return this;
        }

        /** What the next request out of band ({@code "conversation":"none"}, OpenAI) is answered with. */
        public Builder aside(String text) {
            return aside(Speech.of(text));
        }

        /** What the next request out of band ({@code "conversation":"none"}, OpenAI) is answered with. */
        public Builder aside(Speech speech) {
            asides.add(Objects.requireNonNull(speech));
            return this;
        }

        /** Whose server plays it; swaram's unless said here or to the server. */
        public Builder dialect(RehearsalDialect newDialect) {
            this.dialect = Objects.requireNonNull(newDialect);
            return this;
        }

        /**
         * The finished script.
         *
         * @throws ScriptException for a turn that cannot be played, naming it and the mend
         */
        public Script build() {
            Set<String> called = new HashSet<>();
            for (int i = 0; i < turns.size(); i++) {
                check(name + ", turn " + (i + 1), turns.get(i).steps(), called);
            }
            return new Script(this);
        }

        private static void check(String where, List<Step> steps, Set<String> called) {
            if (steps.isEmpty()) {
                throw new ScriptException(where + " has no response: add what the server says to it");
            }
            if (steps.get(steps.size() - 1) instanceof Calls) {
                throw new ScriptException(where
                        + " ends with calls: add what the server says after their outputs, since it always goes on");
            }
            for (Step step : steps) {
                if (step instanceof HangUp && step != steps.get(steps.size() - 1)) {
                    throw new ScriptException(where + " goes on after it hung up: put what follows into the next turn");
                }
                if (step instanceof Calls calls) {
                    calls.calls().forEach(call -> checkOutputsUsed(where, call, called));
                    calls.calls().forEach(call -> called.add(call.name()));
                }
            }
        }

        private static void checkOutputsUsed(String where, Call call, Set<String> called) {
            for (String tool : Placeholders.toolsIn(call.argumentsJson())) {
                if (!called.contains(tool)) {
                    throw new ScriptException(where + ": " + call.name() + " uses the output of " + tool
                            + ", which no earlier response calls: name a tool that was called before");
                }
            }
        }
    }
}
