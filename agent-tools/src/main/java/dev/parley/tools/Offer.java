package dev.parley.tools;

import dev.langchain4j.service.tool.ToolProvider;
import dev.parley.core.Clock;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.Asking.Answer;
import dev.parley.tools.internal.LangChain4jTools;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.PlannedTool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a toolbox offers: its own, and those of LangChain4j's providers, which are asked anew each time since they
 * may offer each conversation others. Of one name, the first stands. Thread-safe.
 */
final class Offer {
    private final Map<String, PlannedTool> own;
    private final List<ToolProvider> providers;
    private final LangChain4jTools theirs;
    private final Asking asking;

    Offer(Map<String, PlannedTool> own, List<ToolProvider> providers, LangChain4jTools theirs, Asking asking) {
        this.own = own;
        this.providers = List.copyOf(providers);
        this.theirs = theirs;
        this.asking = asking;
    }

    /** What is there without asking anybody. */
    Map<String, PlannedTool> own() {
        return own;
    }

    boolean hasProviders() {
        return !providers.isEmpty();
    }

    /**
     * What was found where all were asked.
     *
     * @param failure what a provider threw, the first of them: a tool that is not among these may be one of its; null if
     *     all answered
     */
    record Found(Map<String, PlannedTool> tools, @Nullable Throwable failure) {}

    /** Asks on the current thread, for as long as that takes. */
    Found to(ToolContext context, Consumer<LiveFault> faults) {
        if (providers.isEmpty()) {
            return new Found(own, null);
        }
        Map<String, PlannedTool> all = new LinkedHashMap<>(own);
        Throwable failure = null;
        for (ToolProvider provider : providers) {
            try {
                add(theirs.provided(provider, context), all, faults);
            } catch (RuntimeException | Error e) { // a library that is not there, for one
                faults.accept(failed(e));
                failure = failure == null ? e : failure;
            }
        }
        return new Found(all, failure);
    }

    /** Asks all providers at once, and goes on without those that do not answer in {@linkplain Asking#LONGEST time}. */
    Map<String, PlannedTool> inTime(ToolContext context, Clock clock, Consumer<LiveFault> faults) {
        if (providers.isEmpty()) {
            return own;
        }
        List<Callable<List<PlannedTool>>> questions = new ArrayList<>();
        providers.forEach(each -> questions.add(() -> theirs.provided(each, context)));
        Map<String, PlannedTool> all = new LinkedHashMap<>(own);
        for (Answer<List<PlannedTool>> each : asking.inTime(questions, clock)) {
            if (each instanceof Answer.Came<List<PlannedTool>> came) {
                add(came.value(), all, faults);
            } else if (each instanceof Answer.Failed<List<PlannedTool>> failed) {
                faults.accept(failed(failed.why()));
            } else if (each instanceof Answer.Late<?>) {
                faults.accept(new LiveFault(
                        "a tool provider did not answer within " + Asking.LONGEST.toSeconds()
                                + " s; its tools are left out",
                        null));
            }
        }
        return all;
    }

    /** Tells of each tool. Those with live values are asked as providers are, and told without them if they are late. */
    List<ToolDefinition> toldInTime(Collection<PlannedTool> tools, Clock clock, Consumer<LiveFault> faults) {
        List<Callable<Told>> questions = new ArrayList<>();
        for (PlannedTool tool : tools) {
            if (tool.isLive()) {
                questions.add(() -> told(tool));
            }
        }
        Iterator<Answer<Told>> answers = asking.inTime(questions, clock).iterator();
        List<ToolDefinition> definitions = new ArrayList<>();
        for (PlannedTool tool : tools) {
            definitions.add(tool.isLive() ? definition(tool, answers.next(), faults) : tool.definition(faults));
        }
        return definitions;
    }

    /** What was found out on a thread of its own; its faults are told by the one that waits, if it still does. */
    private record Told(ToolDefinition definition, List<LiveFault> faults) {}

    private static Told told(PlannedTool tool) {
        List<LiveFault> faults = new ArrayList<>();
        return new Told(tool.definition(faults::add), faults);
    }

    private static ToolDefinition definition(PlannedTool tool, Answer<Told> answer, Consumer<LiveFault> faults) {
        if (answer instanceof Answer.Came<Told> came) {
            came.value().faults().forEach(faults);
            return came.value().definition();
        }
        if (answer instanceof Answer.Failed<Told> failed) {
            faults.accept(withoutValues(tool, "could not be read", failed.why()));
        } else if (answer instanceof Answer.Late<?>) {
            faults.accept(withoutValues(tool, "did not come within " + Asking.LONGEST.toSeconds() + " s", null));
        }
        return tool.definitionWithoutValues();
    }

    private static LiveFault withoutValues(PlannedTool tool, String what, @Nullable Throwable why) {
        return new LiveFault("the live values of " + tool.name() + " " + what + "; its schema lists none", why);
    }

    private static void add(List<PlannedTool> provided, Map<String, PlannedTool> to, Consumer<LiveFault> faults) {
        for (PlannedTool tool : provided) {
            if (to.putIfAbsent(tool.name(), tool) != null) {
                faults.accept(new LiveFault(
                        "a tool provider offers a second tool named " + tool.name() + "; it is left out", null));
            }
        }
    }

    private static LiveFault failed(Throwable why) {
        return new LiveFault("a tool provider failed; its tools are left out", why);
    }
}
