package dev.parley.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.parley.core.Clock;
import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.LangChain4jTools;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.Mappers;
import dev.parley.tools.internal.PlanReader;
import dev.parley.tools.internal.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
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
 * and 256 in the process ({@link ToolLimit}), 10 s a call unless {@link Builder#timeout} or {@link ToolPolicy} says otherwise.
 */
public final class Toolbox implements SessionExtension {
    private static final Logger log = LoggerFactory.getLogger(Toolbox.class);

    private final Offer offer;
    private final Executor executor;
    private final Builder settings;
    private final Validation validation;
    private final CallRunner outside;
    private final PastCalls past = new PastCalls();

    private Toolbox(Builder builder) {
        settings = new Builder(builder);
        validation = settings.validator == null
                ? Validation.hibernate(settings.locale, settings.groups)
                : Validation.of(settings.validator, settings.groups);
        executor = settings.executor == null ? ToolThreads.create() : settings.executor;
        offer = offer();
        if (settings.approver == null && settings.approvalRule != null) {
            throw new IllegalArgumentException("approvalWhen: there is no approver to ask; give the builder one");
        }
        Clock clock = settings.clock;
        outside = clock == null
                ? runner(settings.limit.most(), validation, Clock.system())
                : runner(settings.limit.most(), validation.at(clock), clock);
    }

    private record Theirs(ToolSpecification specification, ToolExecutor executor) {}

    private Offer offer() {
        ObjectMapper mapper = settings.mapper == null ? Mappers.usual() : settings.mapper.copy();
        LangChain4jTools theirs = new LangChain4jTools(settings.theirErrors, settings.timeout);
        Registration registration =
                new Registration(new PlanReader(mapper, validation, settings.timeout), settings.approver != null);
        settings.toolObjects.forEach(registration::object);
        settings.theirTools.forEach(each -> registration.tool(theirs.tool(each.specification(), each.executor())));
        if (settings.providers.isEmpty()) { // else the tools are not known yet
            settings.interceptors.forEach(registration::guardedBy);
        }
        // Not the application's executor, which may run what it is given on the very thread that waits for it.
        Asking asking = new Asking(ToolThreads.create("parley-tools-ask-"));
        return new Offer(registration.tools(), settings.providers, theirs, asking);
    }

    private CallRunner runner(int mostHere, Validation checks, Clock clock) {
        Approver approver = settings.approver;
        Predicate<ToolCall> rule = settings.approvalRule == null ? call -> false : settings.approvalRule;
        Approval approval = approver == null ? null : new Approval(approver, rule, settings.approvalTimeout, clock);
        return new CallRunner(
                new CallWork.Surroundings(
                        checks,
                        List.copyOf(settings.interceptors),
                        approval,
                        settings.meter,
                        executor,
                        lendsThreads(),
                        settings.timeout),
                settings.limit,
                mostHere,
                clock);
    }

    // Not those of an application, which may count on them to do its own work alone. And not virtual ones: a loop that
    // runs on
    // one would wait for a carrier thread with the tools that compute.
    private boolean lendsThreads() {
        return settings.executor == null && executor instanceof ThreadPoolExecutor;
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
     * What the model is told of each tool. Live values are those of now: it may ask the tool objects and the tool providers,
     * and take as long as they do. A source that fails is logged, and its argument has no {@code enum}.
     */
    public List<ToolDefinition> definitions() {
        return offer.to(ToolContext.ofNothing(), Toolbox::logged).tools().values().stream()
                .map(tool -> tool.definition(Toolbox::logged))
                .toList();
    }

    /**
     * Runs a call outside a session: there is no ledger, so the same id may come again.
     *
     * @return never fails: what goes wrong is a result. It may complete on a tool's thread or on the timer's, so
     *     dependants that block belong on an executor ({@code thenAcceptAsync})
     */
    public CompletionStage<ToolResult> call(ToolCall call) {
        return call(call, ToolContext.ofNothing(), Conversation.NONE);
    }

    /**
     * As {@link #call(ToolCall)}, in a context that tools can ask for. Gates and {@link ToolContext#callsSoFar} know the calls
     * that this toolbox answered before under the same conversation id: the last 100 of each of the 1,000 conversations used
     * last, as long as they are 2 Mi characters or fewer together.
     */
    public CompletionStage<ToolResult> call(ToolCall call, ToolContext context) {
        return call(call, context, past.conversation(context.conversationId()));
    }

    private CompletionStage<ToolResult> call(ToolCall call, ToolContext context, Conversation conversation) {
        if (offer.own().containsKey(call.name()) || !offer.hasProviders()) {
            return outside.start(call, context, offer.own(), conversation).result();
        }
        // A provider may ask a server, which the caller's thread must not wait for.
        return outside.startAsking(call, context, () -> offer.to(context, Toolbox::logged), conversation)
                .result();
    }

    /**
     * The same tools, with the same validation, interceptors and limits, for LangChain4j's AiServices. Live values are read
     * anew at each request; a call blocks the thread that asks. The model gets the same output as in a voice session, and
     * the invocation's parameters are the context's attributes.
     */
    public ToolProvider asToolProvider() {
        return LangChain4jTools.provider(
                context -> offer.to(context, Toolbox::logged).tools().values(),
                Toolbox::logged,
                (call, context) -> call(call, context).toCompletableFuture().join());
    }

    /** Opens the part that answers a session's calls. */
    @Override
    public SessionPart open(SessionHandle session) {
        Clock clock = session.clock();
        return new ToolsPart(offer, session, runner(settings.mostInSession, validation.at(clock), clock));
    }

    private static void logged(LiveFault fault) {
        log.warn("{}", fault.message(), fault.cause());
    }

    /** Sets up a toolbox. Not thread-safe. */
    public static final class Builder {
        private final List<Object> toolObjects = new ArrayList<>();
        private final List<Theirs> theirTools = new ArrayList<>();
        private final List<ToolProvider> providers = new ArrayList<>();
        private boolean theirErrors;
        private final List<ToolInterceptor> interceptors = new ArrayList<>();
        private @Nullable Approver approver;
        private @Nullable Predicate<ToolCall> approvalRule;
        private Duration timeout = Duration.ofSeconds(10);
        private Duration approvalTimeout = Duration.ofSeconds(60);
        private @Nullable ToolMeter meter;
        private @Nullable Executor executor;
        private @Nullable Validator validator;
        private @Nullable ObjectMapper mapper;
        private @Nullable Clock clock;
        private Locale locale = Locale.ENGLISH;
        private Class<?>[] groups = {};
        private int mostInSession = 8;
        private ToolLimit limit = ToolLimit.ofProcess();

        private Builder() {}

        private Builder(Builder other) {
            toolObjects.addAll(other.toolObjects);
            theirTools.addAll(other.theirTools);
            providers.addAll(other.providers);
            theirErrors = other.theirErrors;
            interceptors.addAll(other.interceptors);
            approver = other.approver;
            approvalRule = other.approvalRule;
            timeout = other.timeout;
            approvalTimeout = other.approvalTimeout;
            meter = other.meter;
            executor = other.executor;
            validator = other.validator;
            mapper = other.mapper;
            clock = other.clock;
            locale = other.locale;
            groups = other.groups;
            mostInSession = other.mostInSession;
            limit = other.limit;
        }

        /** Adds the annotated methods of these objects. */
        public Builder tools(Object... objects) {
            for (Object object : objects) {
                toolObjects.add(Objects.requireNonNull(object));
            }
            return this;
        }

        /** Adds a tool of LangChain4j's. Its executor checks its own arguments. */
        public Builder tool(ToolSpecification specification, ToolExecutor toolExecutor) {
            theirTools.add(new Theirs(Objects.requireNonNull(specification), Objects.requireNonNull(toolExecutor)));
            return this;
        }

        /**
         * Adds what a provider of LangChain4j's offers. It is asked when a session connects, and for
         * {@link Toolbox#definitions()}; there is no user message to go by yet, so it gets a placeholder. If it has not
         * answered after 5 s its thread is interrupted, and the session connects without its tools: the listener is told.
         */
        public Builder toolProvider(ToolProvider provider) {
            providers.add(Objects.requireNonNull(provider));
            return this;
        }

        /**
         * Lets the model read what LangChain4j's tools, added by {@link #tool} and {@link #toolProvider}, say of their errors:
         * the text of an error's result, and the message of a {@code ToolExecutionException}, as an MCP client throws it.
         * Else it gets an incident id. Their usual executor puts the message of any exception there, with whatever that
         * holds, so this is for tools whose errors are known to be written for a model.
         */
        public Builder tellTheirErrors() {
            this.theirErrors = true;
            return this;
        }

        /** Adds an interceptor around every call, inside those added before. */
        public Builder interceptor(ToolInterceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor));
            return this;
        }

        /** Who is told what every call took, refusals too, in sessions and outside of them. */
        public Builder meter(ToolMeter ofCalls) {
            this.meter = Objects.requireNonNull(ofCalls);
            return this;
        }

        /**
         * How long a call may take, from its arrival, where its tool has no {@link ToolPolicy#timeout}: for LangChain4j's
         * tools, which cannot have one, and for methods without. 10 s unless said.
         *
         * @throws IllegalArgumentException if it is not longer than nothing and at most a day
         */
        public Builder timeout(Duration ofCalls) {
            this.timeout = upToADay("a call", ofCalls);
            return this;
        }

        private static Duration upToADay(String what, Duration time) {
            if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(what + " needs some time, and a day at most, not " + time);
            }
            return time;
        }

        /** Who is asked about calls that need approval. */
        public Builder approver(Approver whoDecides) {
            this.approver = Objects.requireNonNull(whoDecides);
            return this;
        }

        /** Which calls need approval beside those whose {@link ToolPolicy} says so. Must be thread-safe and quick. */
        public Builder approvalWhen(Predicate<ToolCall> rule) {
            this.approvalRule = Objects.requireNonNull(rule);
            return this;
        }

        /**
         * How long an approver has; 60 s unless said.
         *
         * @throws IllegalArgumentException if it is not longer than nothing and at most a day
         */
        public Builder approvalTimeout(Duration ofApprover) {
            this.approvalTimeout = upToADay("an approver", ofApprover);
            return this;
        }

        /**
         * Runs tools here instead of on Parley's own threads (virtual where the JVM has them). What it rejects is answered
         * with {@code busy}. It must run or reject each task: a call keeps its place until its task was run.
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

        /**
         * The language of the sentences about broken constraints, of those that Hibernate Validator has. English unless said.
         * Parley's own sentences are English always: that a value is required or of another type, how {@code @Past},
         * {@code @Future} and their {@code OrPresent} are broken ("must be after today"), and what the validator would have
         * passed ({@code @Size} in code points, an empty {@code @Email}, the decimal bounds of a float). A constraint's own
         * plain message stands instead, in any language.
         */
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
         * The time that calls outside a session go by, in timeouts and in constraints such as "today or later": for tests.
         * In a session it is the session's.
         */
        public Builder clock(Clock ofTests) {
            this.clock = Objects.requireNonNull(ofTests);
            return this;
        }

        /**
         * How many calls may run at once; the next is answered with {@code busy}.
         *
         * @param inSession 8 unless said
         * @param inAll over all sessions of this toolbox, and no other; as {@code limit(ToolLimit.of(inAll))}
         */
        public Builder mostCallsAtOnce(int inSession, int inAll) {
            if (inSession < 1) {
                throw new IllegalArgumentException("at least one call must be allowed, not " + inSession);
            }
            this.mostInSession = inSession;
            return limit(ToolLimit.of(inAll));
        }

        /** What this toolbox counts its calls in, with the others that share it; {@link ToolLimit#ofProcess} unless said. */
        public Builder limit(ToolLimit shared) {
            this.limit = Objects.requireNonNull(shared);
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
