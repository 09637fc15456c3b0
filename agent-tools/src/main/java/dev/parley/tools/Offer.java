package dev.parley.tools;

import dev.langchain4j.service.tool.ToolProvider;
import dev.parley.core.Clock;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.LangChain4jTools;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a toolbox offers: its own, and those of LangChain4j's providers, which are asked anew each time since they
 * may offer each conversation others. Of one name, the first stands. Thread-safe.
 */
final class Offer {
    /** How long the providers have, all of them together, before a session connects without what is not there. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** One that hangs for good holds a thread; others then wait for their place, within the same time. */
    private static final int MOST_ASKED_AT_ONCE = 64;

    private final Map<String, PlannedTool> own;
    private final List<ToolProvider> providers;
    private final LangChain4jTools theirs;

    /** Not the application's executor, which may run what it is given on the very thread that waits for it. */
    private final Executor threads = ToolThreads.create();

    private final Semaphore places = new Semaphore(MOST_ASKED_AT_ONCE);

    Offer(Map<String, PlannedTool> own, List<ToolProvider> providers, LangChain4jTools theirs) {
        this.own = own;
        this.providers = List.copyOf(providers);
        this.theirs = theirs;
    }

    /** What is there without asking anybody. */
    Map<String, PlannedTool> own() {
        return own;
    }

    boolean hasProviders() {
        return !providers.isEmpty();
    }

    /** Asks on the current thread, for as long as that takes. */
    Map<String, PlannedTool> to(ToolContext context, Consumer<LiveFault> faults) {
        if (providers.isEmpty()) {
            return own;
        }
        Map<String, PlannedTool> all = new LinkedHashMap<>(own);
        for (ToolProvider provider : providers) {
            try {
                add(theirs.provided(provider, context), all, faults);
            } catch (RuntimeException | Error e) { // a library that is not there, for one
                faults.accept(failed(e));
            }
        }
        return all;
    }

    /** Asks all providers at once, each on a thread of its own, and waits for {@link #LONGEST} at most. */
    Map<String, PlannedTool> inTime(ToolContext context, Clock clock, Consumer<LiveFault> faults) {
        if (providers.isEmpty()) {
            return own;
        }
        List<FutureTask<List<PlannedTool>>> asked = new ArrayList<>();
        for (ToolProvider provider : providers) {
            FutureTask<List<PlannedTool>> question =
                    new FutureTask<>(() -> inItsPlace(() -> theirs.provided(provider, context)));
            try {
                threads.execute(question);
                asked.add(question);
            } catch (RuntimeException | Error e) { // no more threads
                faults.accept(failed(e));
            }
        }
        Clock.Timer limit = clock.schedule(LONGEST, () -> asked.forEach(each -> each.cancel(true)));
        Map<String, PlannedTool> all = new LinkedHashMap<>(own);
        try {
            for (FutureTask<List<PlannedTool>> each : asked) {
                answer(each, all, faults);
            }
        } catch (InterruptedException e) {
            asked.forEach(each -> each.cancel(true));
            Thread.currentThread().interrupt(); // nobody waits for this any more, and whoever asked sees to it
        }
        limit.cancel();
        return all;
    }

    /** Tells of each tool. Those with live values are asked as providers are, and told without them after {@link #LONGEST}. */
    List<ToolDefinition> toldInTime(Collection<PlannedTool> tools, Clock clock, Consumer<LiveFault> faults) {
        IdentityHashMap<PlannedTool, FutureTask<Told>> asked = new IdentityHashMap<>();
        for (PlannedTool tool : tools) {
            if (tool.isLive()) {
                FutureTask<Told> question = new FutureTask<>(() -> inItsPlace(() -> told(tool)));
                asked.put(tool, question);
                try {
                    threads.execute(question);
                } catch (RuntimeException | Error e) { // no more threads
                    question.cancel(false);
                }
            }
        }
        if (asked.isEmpty()) {
            return tools.stream().map(tool -> tool.definition(faults)).toList();
        }
        Clock.Timer limit = clock.schedule(LONGEST, () -> asked.values().forEach(each -> each.cancel(true)));
        List<ToolDefinition> definitions = new ArrayList<>();
        for (PlannedTool tool : tools) {
            FutureTask<Told> question = asked.get(tool);
            definitions.add(question == null ? tool.definition(faults) : answer(tool, question, faults));
        }
        limit.cancel();
        return definitions;
    }

    /** What was found out on a thread of its own; its faults are told by the one that waits, if it still does. */
    private record Told(ToolDefinition definition, List<LiveFault> faults) {}

    private static Told told(PlannedTool tool) {
        List<LiveFault> faults = new ArrayList<>();
        return new Told(tool.definition(faults::add), faults);
    }

    private static ToolDefinition answer(PlannedTool tool, FutureTask<Told> asked, Consumer<LiveFault> faults) {
        Throwable why = null;
        try {
            Told told = asked.get();
            told.faults().forEach(faults);
            return told.definition();
        } catch (CancellationException e) {
            // It took too long.
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt(); // so the next ones are not waited for either
        } catch (ExecutionException e) {
            why = e.getCause();
        }
        faults.accept(new LiveFault(
                "the live values of " + tool.name()
                        + (why == null ? " did not come within " + LONGEST.toSeconds() + " s" : " could not be read")
                        + "; its schema lists none",
                why));
        return tool.definitionWithoutValues();
    }

    private <T> T inItsPlace(Callable<T> question) throws Exception {
        places.acquire();
        try {
            return question.call();
        } finally {
            places.release();
        }
    }

    private static void answer(
            FutureTask<List<PlannedTool>> asked, Map<String, PlannedTool> all, Consumer<LiveFault> faults)
            throws InterruptedException {
        try {
            add(asked.get(), all, faults);
        } catch (CancellationException e) {
            faults.accept(new LiveFault(
                    "a tool provider did not answer within " + LONGEST.toSeconds() + " s; its tools are left out",
                    null));
        } catch (ExecutionException e) {
            faults.accept(failed(e.getCause()));
        }
    }

    private static void add(List<PlannedTool> provided, Map<String, PlannedTool> to, Consumer<LiveFault> faults) {
        for (PlannedTool tool : provided) {
            if (to.putIfAbsent(tool.name(), tool) != null) {
                faults.accept(new LiveFault(
                        "a tool provider offers a second tool named " + tool.name() + "; it is left out", null));
            }
        }
    }

    private static LiveFault failed(@Nullable Throwable why) {
        return new LiveFault("a tool provider failed; its tools are left out", why);
    }
}
