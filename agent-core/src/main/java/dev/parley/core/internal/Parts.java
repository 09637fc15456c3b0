package dev.parley.core.internal;

import dev.parley.core.Clock;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.TurnDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session's parts: tells them things in their order, finds who answers a tool, and masks what is sensitive before anybody
 * but that one sees it. What one part throws reaches the listener, and the others go on. On the loop.
 */
final class Parts {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** As many as a reply may have open: the outputs of those that run are still to be told. */
    private static final int CALLS_REMEMBERED = CallAssembler.MOST_OPEN;

    private final List<SessionPart> parts;
    private final List<PartHandle.Writer> writers;
    private final List<ToolDefinition> definitions = new ArrayList<>();
    private final Map<String, SessionPart> answering = new HashMap<>();
    private final Map<String, Set<String>> sensitive = new HashMap<>();
    /** The arguments' names, of tools with sensitive ones: under any other name may stand what is sensitive. */
    private final Map<String, SchemaNames> known = new HashMap<>();

    private final Map<String, Set<String>> sensitiveOutputs = new HashMap<>();

    /**
     * The tools of the latest calls; empty where nothing is sensitive. What a tool outside of it has to hide is hidden
     * as a whole.
     */
    private final Map<String, String> nameOfCall = new Bounded<>(CALLS_REMEMBERED);

    private @Nullable SessionPart firstWithTools;

    private boolean interruptThemselves;

    private Parts(List<SessionPart> parts, List<PartHandle.Writer> writers) {
        this.parts = parts;
        this.writers = writers;
    }

    static Parts none() {
        return new Parts(List.of(), List.of());
    }

    /**
     * Asks each part for its tools, and whether it interrupts itself. Off the loop, since that may read a database.
     *
     * @throws IllegalArgumentException if two parts have a tool of one name
     */
    static Parts of(List<SessionPart> parts, List<PartHandle.Writer> writers) {
        Parts all = new Parts(List.copyOf(parts), writers);
        for (SessionPart part : parts) {
            all.interruptThemselves |= part.interruptsItself();
            List<ToolDefinition> tools = part.tools();
            if (!tools.isEmpty() && all.firstWithTools == null) {
                all.firstWithTools = part;
            }
            for (ToolDefinition tool : tools) {
                if (all.answering.put(tool.name(), part) != null) {
                    throw new IllegalArgumentException("two extensions have a tool named " + tool.name()
                            + ": the model could not tell them apart. Rename one");
                }
                all.definitions.add(tool);
                if (!tool.sensitivePaths().isEmpty()) {
                    all.sensitive.put(tool.name(), tool.sensitivePaths());
                    all.known.put(tool.name(), SchemaNames.of(tool.parametersJson()));
                }
                if (!tool.sensitiveOutputPaths().isEmpty()) {
                    all.sensitiveOutputs.put(tool.name(), tool.sensitiveOutputPaths());
                }
            }
        }
        return all;
    }

    List<ToolDefinition> definitions() {
        return definitions;
    }

    <T> @Nullable T find(Class<T> type) {
        for (SessionPart part : parts) {
            if (type.isInstance(part)) {
                return type.cast(part);
            }
        }
        return null;
    }

    void each(Consumer<Problem> onProblem, Consumer<SessionPart> call) {
        for (SessionPart part : parts) {
            try {
                call.accept(part);
            } catch (RuntimeException | Error e) {
                onProblem.accept(failure(part, e));
            }
        }
    }

    /** As {@link #each}, without a task made of it. */
    void heard(String itemId, long upToNanos, Consumer<Problem> onProblem) {
        for (int i = 0; i < parts.size(); i++) {
            SessionPart part = parts.get(i);
            try {
                part.onPlayedUpToNanos(itemId, upToNanos);
            } catch (RuntimeException | Error e) {
                onProblem.accept(failure(part, e));
            }
        }
    }

    /** Whether any part was playing. */
    boolean silence(Interruption.Cause cause, Consumer<Problem> onProblem) {
        boolean[] wasPlaying = {false};
        each(onProblem, part -> wasPlaying[0] |= part.silence(cause));
        return wasPlaying[0];
    }

    /** Whether a part finds out by itself when the caller interrupts. */
    boolean interruptThemselves() {
        return interruptThemselves;
    }

    /** Turn detection that says nothing of interruptions does not give them back to the server, where a part has them. */
    SessionConfig withoutInterruptions(SessionConfig config) {
        TurnDetection detection = config.settings().turnDetection();
        if (detection == null || detection.interruptsResponse() != null || !interruptThemselves()) {
            return config;
        }
        return new SessionConfig(
                config.instructions(),
                config.voice(),
                config.tools(),
                config.settings().turnDetection(detection.interruptsResponse(false)));
    }

    /** Hands a call to the part that answers it; false if no part has tools at all. */
    boolean request(ToolRequest request, Consumer<Problem> onProblem) {
        SessionPart part = answering.getOrDefault(request.name(), firstWithTools);
        if (part == null) {
            return false;
        }
        try {
            part.onToolRequest(request);
        } catch (RuntimeException | Error e) {
            onProblem.accept(failure(part, e));
        }
        return true;
    }

    /** Whether the end of the session waits for what a thread is doing. On any thread. */
    boolean waitFor(Thread thread) {
        boolean[] waits = {false};
        each(problem -> {}, part -> waits[0] |= part.waitsFor(thread));
        return waits[0];
    }

    /** Completes when nothing that matters runs in any part any more, or after 2 s. */
    CompletableFuture<Void> whenSettled(Clock clock, Consumer<Problem> onProblem) {
        List<CompletableFuture<?>> each = new ArrayList<>();
        each(onProblem, part -> each.add(part.ending().toCompletableFuture()));
        return within(
                clock,
                each,
                () -> onProblem.accept(new Problem(
                        Problem.Kind.EXTENSION_FAILED,
                        "a tool still runs " + LONGEST_WAIT.toSeconds()
                                + " s after the session ended; it is not waited for, and"
                                + " its outcome is told to nobody")));
    }

    /** Completes when everything that parts have handed to their writers is done, or after 2 s. */
    CompletableFuture<Void> whenWritten(Clock clock, Consumer<Problem> onProblem) {
        Map<CompletableFuture<?>, String> each = new LinkedHashMap<>();
        for (PartHandle.Writer writer : writers) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            writer.lane().execute(() -> done.complete(null));
            each.put(done, writer.name());
        }
        return within(clock, each.keySet(), () -> {
            String unfinished = each.entrySet().stream()
                    .filter(entry -> !entry.getKey().isDone())
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(", "));
            onProblem.accept(new Problem(
                    Problem.Kind.EXTENSION_FAILED,
                    "work goes on " + LONGEST_WAIT.toSeconds() + " s after the session ended (" + unfinished
                            + "); it is not waited for: what it writes may be incomplete, and what it closes may stay"
                            + " open"));
        });
    }

    private static CompletableFuture<Void> within(
            Clock clock, Collection<CompletableFuture<?>> each, Runnable tooLate) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Clock.Timer limit = clock.schedule(LONGEST_WAIT, () -> {
            if (!done.isDone()) {
                tooLate.run();
                done.complete(null);
            }
        });
        var unused = CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .handle((nothing, failure) -> {
                    limit.cancel();
                    return done.complete(null);
                });
        return done;
    }

    // Masking.

    ToolRequest masked(ToolRequest request) {
        if (nothingIsSensitive()) {
            return request;
        }
        nameOf(request.callId(), request.name());
        return new ToolRequest(
                request.callId(),
                request.name(),
                masked(request.name(), request.argumentsJson()),
                request.responseId(),
                request.connection());
    }

    ToolOutcome masked(ToolOutcome outcome) {
        if (nothingIsSensitive()) {
            return outcome;
        }
        Set<String> paths = sensitiveOutputs.getOrDefault(outcome.request().name(), Set.of());
        return new ToolOutcome(
                masked(outcome.request()),
                outcome.ok(),
                outcome.errorCode(),
                JsonText.masked(outcome.output(), paths),
                outcome.took());
    }

    /** The same event without sensitive outputs, and without an earlier connection's calls where anything is sensitive. */
    ClientEvent masked(ClientEvent event) {
        if (nothingIsSensitive()) {
            return event;
        }
        if (event instanceof ClientEvent.ToolOutput output && !sensitiveOutputs.isEmpty()) {
            return new ClientEvent.ToolOutput(output.callId(), maskedOutput(output.callId(), output.output()));
        }
        if (event instanceof ClientEvent.Message message) {
            return new ClientEvent.Message(message.role(), Instructions.masked(message.text()), message.id());
        }
        if (event instanceof ClientEvent.SessionUpdate update && update.config().instructions() != null) {
            return new ClientEvent.SessionUpdate(update.config()
                    .withInstructions(Instructions.masked(update.config().instructions())));
        }
        return event;
    }

    private String maskedOutput(@Nullable String callId, String output) {
        String tool = nameOf(callId, null);
        return tool == null
                ? '"' + JsonText.MASK + '"'
                : JsonText.masked(output, sensitiveOutputs.getOrDefault(tool, Set.of()));
    }

    private boolean nothingIsSensitive() {
        return sensitive.isEmpty() && sensitiveOutputs.isEmpty();
    }

    /** The same event without sensitive arguments and outputs. */
    ServerEvent masked(ServerEvent event) {
        if (nothingIsSensitive()) {
            return event;
        }
        if (event instanceof ServerEvent.FunctionCallArguments call) {
            return new ServerEvent.FunctionCallArguments(
                    call.responseId(),
                    call.itemId(),
                    call.callId(),
                    call.name(),
                    masked(nameOf(call.callId(), call.name()), call.arguments()));
        }
        if (event instanceof ServerEvent.OutputItem output) {
            return new ServerEvent.OutputItem(output.responseId(), masked(output.item()), output.done());
        }
        if (event instanceof ServerEvent.ItemCreated created) {
            return new ServerEvent.ItemCreated(masked(created.item()));
        }
        if (event instanceof ServerEvent.ResponseDone done) {
            return new ServerEvent.ResponseDone(
                    done.responseId(),
                    done.status(),
                    done.output().stream().map(this::masked).toList(),
                    done.reason(),
                    done.usage());
        }
        if (event instanceof ServerEvent.Unrecognized other && mayTellOfCalls(other.json())) {
            // Pieces of arguments, which no path can be matched against.
            return new ServerEvent.Unrecognized(other.type(), "{\"type\":\"" + JsonText.MASK + "\"}");
        }
        return event;
    }

    private static boolean mayTellOfCalls(String json) {
        return json.contains("arguments") || json.contains("function_call_output") || Instructions.tellsOfCalls(json);
    }

    private Item masked(Item item) {
        // Whatever a server calls it: what has a call's id, or is one's output, holds what that call holds.
        String tool = nameOf(item.callId(), item.name());
        boolean ofCall = item.callId() != null || "function_call_output".equals(item.type());
        String text = item.text();
        if (ofCall && !text.isEmpty() && !sensitiveOutputs.isEmpty()) {
            text = maskedOutput(item.callId(), text);
        } else if (!ofCall) {
            text = Instructions.masked(text);
        }
        return new Item(
                item.id(),
                item.type(),
                item.role(),
                item.status(),
                text,
                item.callId(),
                item.name(),
                item.arguments() == null ? null : masked(tool, item.arguments()));
    }

    private @Nullable String nameOf(@Nullable String callId, @Nullable String name) {
        if (callId == null) {
            return name;
        }
        if (name != null) {
            nameOfCall.put(callId, name);
            return name;
        }
        return nameOfCall.get(callId);
    }

    private String masked(@Nullable String tool, String arguments) {
        if (sensitive.isEmpty()) {
            return arguments;
        }
        if (tool == null || !answering.containsKey(tool)) {
            // Whose arguments these are comes later, or the model misspelt the name: they are as sensitive as any.
            return '"' + JsonText.MASK + '"';
        }
        return JsonText.masked(arguments, sensitive.getOrDefault(tool, Set.of()), known.get(tool));
    }

    private static Problem failure(SessionPart part, Throwable e) {
        return new Problem(
                Problem.Kind.EXTENSION_FAILED,
                ClassName.of(part) + " threw " + ClassName.of(e) + "; the session goes on",
                e);
    }
}
