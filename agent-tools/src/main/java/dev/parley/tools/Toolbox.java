package dev.parley.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.Clock;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.Mappers;
import dev.parley.tools.internal.PlanReader;
import dev.parley.tools.internal.ToolPlan;
import dev.parley.tools.internal.Validation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Java methods as the tools of a voice agent: an immutable, thread-safe {@link SessionExtension} that serves any number of
 * sessions.
 *
 * <p>Methods with LangChain4j's {@code @Tool}, of any visibility, are read once, when the toolbox is built; what is wrong
 * with a signature fails there. A call's arguments are read strictly after the same plan that the schema is told from, and
 * checked by Jakarta Validation. Every call has exactly one {@link ToolResult}, whatever happens, and in a session every
 * call id gets exactly one output.
 *
 * <p>Limits: arguments of 64 KiB and 64 levels, {@code @ValuesFrom} lists of 500 in a schema, 8 calls at once in a session
 * and 256 in the toolbox, 10 s a call unless {@link ToolPolicy} says otherwise.
 */
public final class Toolbox implements SessionExtension {
    private static final Logger log = LoggerFactory.getLogger(Toolbox.class);

    private final Map<String, ToolPlan> plans;
    private final Validation validation;
    private final Executor executor;
    private final Semaphore inAll;
    private final int mostInSession;
    private final CallRunner outside;

    private Toolbox(Builder builder) {
        ObjectMapper mapper = builder.mapper == null ? Mappers.usual() : builder.mapper.copy();
        validation = builder.validator == null
                ? Validation.hibernate(builder.locale, builder.groups)
                : Validation.of(builder.validator, builder.groups);
        executor = builder.executor == null ? ToolThreads.create() : builder.executor;
        inAll = new Semaphore(builder.mostInAll);
        mostInSession = builder.mostInSession;
        Map<String, ToolPlan> read = new LinkedHashMap<>();
        PlanReader reader = new PlanReader(mapper, validation);
        for (Object toolObject : builder.toolObjects) {
            for (ToolPlan plan : reader.read(toolObject)) {
                if (read.putIfAbsent(plan.name(), plan) != null) {
                    throw new IllegalArgumentException(
                            toolObject.getClass().getSimpleName() + ": there are two tools named \"" + plan.name()
                                    + "\"; give one of them another name with @Tool(name = …)");
                }
            }
        }
        plans = Collections.unmodifiableMap(read);
        outside = new CallRunner(plans, validation, executor, inAll, builder.mostInAll, Clock.system());
    }

    /**
     * The tools of these objects, with what {@link #builder()} does by itself.
     *
     * @throws IllegalArgumentException that names the method and the parameter at fault, and says how to mend it
     */
    public static Toolbox of(Object... toolObjects) {
        return builder().tools(toolObjects).build();
    }

    /** A toolbox that needs more said. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What the model is told of each tool. Live values are those of now: it may ask the tool objects, and take as long as
     * they do. A source that fails is logged, and its argument has no {@code enum}.
     */
    public List<ToolDefinition> definitions() {
        return definitions(fault -> log.warn("{}; the schema lists no values", fault.message(), fault.cause()));
    }

    List<ToolDefinition> definitions(Consumer<LiveFault> faults) {
        List<ToolDefinition> definitions = new ArrayList<>(plans.size());
        plans.values().forEach(plan -> definitions.add(plan.definition(faults)));
        return definitions;
    }

    /**
     * Runs a call outside a session: there is no ledger, so the same id may come again.
     *
     * @return never fails: what goes wrong is a result. It may complete on a tool's thread or on the timer's, so
     *     dependants that block belong on an executor ({@code thenAcceptAsync})
     */
    public CompletionStage<ToolResult> call(ToolCall call) {
        return call(call, ToolContext.ofNothing());
    }

    /** As {@link #call(ToolCall)}, in a context that tools can ask for. */
    public CompletionStage<ToolResult> call(ToolCall call, ToolContext context) {
        return outside.start(call, context).result();
    }

    /** Opens the part that answers a session's calls. */
    @Override
    public SessionPart open(SessionHandle session) {
        return new ToolsPart(
                this,
                session,
                new CallRunner(plans, validation.at(session.clock()), executor, inAll, mostInSession, session.clock()));
    }

    boolean cancelsOnInterrupt(String name) {
        ToolPlan plan = plans.get(name);
        return plan != null && plan.policy().cancelOnInterrupt();
    }

    /** Sets up a toolbox. Not thread-safe. */
    public static final class Builder {
        private final List<Object> toolObjects = new ArrayList<>();
        private @Nullable Executor executor;
        private @Nullable Validator validator;
        private @Nullable ObjectMapper mapper;
        private Locale locale = Locale.ENGLISH;
        private Class<?>[] groups = {};
        private int mostInSession = 8;
        private int mostInAll = 256;

        private Builder() {}

        /** Adds the annotated methods of these objects. */
        public Builder tools(Object... objects) {
            for (Object object : objects) {
                toolObjects.add(Objects.requireNonNull(object));
            }
            return this;
        }

        /**
         * Runs tools here instead of on Parley's own threads (virtual where the JVM has them). What it rejects is answered
         * with {@code busy}.
         */
        public Builder executor(Executor tools) {
            this.executor = Objects.requireNonNull(tools);
            return this;
        }

        /**
         * Checks constraints with this validator instead of Parley's own. Its messages, locale and clock are then its own
         * too.
         */
        public Builder validator(Validator ofTheApplication) {
            this.validator = Objects.requireNonNull(ofTheApplication);
            return this;
        }

        /**
         * Reads and writes values as this mapper does: its modules, mix-ins and naming. It is copied. Parley's own knows
         * {@code java.time} as ISO texts, {@code Optional} and parameter names.
         */
        public Builder objectMapper(ObjectMapper ofTheApplication) {
            this.mapper = Objects.requireNonNull(ofTheApplication);
            return this;
        }

        /** The language of the sentences about broken constraints. English unless said. */
        public Builder locale(Locale ofMessages) {
            this.locale = Objects.requireNonNull(ofMessages);
            return this;
        }

        /** The validation groups that hold, in the schema and in calls. Jakarta's default group unless said. */
        public Builder groups(Class<?>... validationGroups) {
            this.groups = validationGroups.clone();
            return this;
        }

        /**
         * How many calls may run at once; the next is answered with {@code busy}.
         *
         * @param inSession 8 unless said
         * @param inAll over all sessions of this toolbox; 256 unless said
         */
        public Builder mostCallsAtOnce(int inSession, int inAll) {
            if (inSession < 1 || inAll < 1) {
                throw new IllegalArgumentException("at least one call must be allowed");
            }
            this.mostInSession = inSession;
            this.mostInAll = inAll;
            return this;
        }

        /**
         * Reads the signatures.
         *
         * @throws IllegalArgumentException that names the method and the parameter at fault, and says how to mend it
         */
        public Toolbox build() {
            return new Toolbox(this);
        }
    }
}
