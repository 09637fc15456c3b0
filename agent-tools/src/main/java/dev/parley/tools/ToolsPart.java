package dev.parley.tools;

import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ToolDefinition;
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A toolbox in one session. Its ledger sees to it that each call id gets exactly one output: the first request runs, and one
 * that comes again is reported and left alone. The loop owns everything here.
 */
final class ToolsPart implements SessionPart {
    /** More calls than any conversation makes; past it, a server gone wild cannot fill the memory. */
    private static final int MOST_CALLS = 10_000;

    private final Toolbox toolbox;
    private final SessionHandle session;
    private final CallRunner runner;
    private final Map<String, ToolRequest> ledger = new HashMap<>();
    /** Completed when the session ends and no call is open. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    private boolean isEnding;
    private final Map<String, RunningCall> open = new LinkedHashMap<>();
    private final PastCalls past = new PastCalls();

    /** Written on the connecting thread before any call comes, read on the loop. */
    private volatile Map<String, PlannedTool> tools;

    private @Nullable ToolContext context;

    ToolsPart(Toolbox toolbox, SessionHandle session, CallRunner runner) {
        this.toolbox = toolbox;
        this.session = session;
        this.runner = runner;
        this.tools = toolbox.own();
    }

    @Override
    public List<ToolDefinition> tools() {
        Consumer<LiveFault> faults =
                fault -> session.report(new Problem(Problem.Kind.TOOL_DEFINITION, fault.message(), fault.cause()));
        tools = toolbox.offered(fresh(), faults);
        List<ToolDefinition> definitions = new ArrayList<>();
        tools.values().forEach(tool -> definitions.add(tool.definition(faults)));
        return definitions;
    }

    @Override
    public void onToolRequest(ToolRequest request) {
        ToolRequest before = ledger.get(request.callId());
        if (before != null) {
            String how = before.name().equals(request.name())
                            && before.argumentsJson().equals(request.argumentsJson())
                    ? "came again"
                    : "came again for another call";
            session.report(new Problem(
                    Problem.Kind.OUT_OF_ORDER,
                    "the tool call id " + request.callId() + " " + how + "; it was not run and not answered again"));
            return;
        }
        if (ledger.size() >= MOST_CALLS) {
            settle(request, CallRunner.tooMany(), session.clock().nanoTime());
            return;
        }
        ledger.put(request.callId(), request);
        long arrived = session.clock().nanoTime();
        RunningCall running =
                runner.start(new ToolCall(request.callId(), request.name(), request.argumentsJson()), context(), tools);
        open.put(request.callId(), running);
        running.result()
                .thenAccept(result -> session.loop().execute(() -> {
                    open.remove(request.callId());
                    past.add(new PastCall(running.call(), result));
                    settle(request, result, arrived);
                    if (isEnding && open.isEmpty()) {
                        settled.complete(null);
                    }
                }));
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        for (RunningCall running : List.copyOf(open.values())) {
            if (cancelsOnInterrupt(running.call().name())) {
                running.stop(CallRunner.cancelled(running.call().name()));
            }
        }
    }

    /** Calls that only read are stopped; one that may have effects keeps the end waiting, so that its outcome is told. */
    @Override
    public CompletionStage<?> ending() {
        for (RunningCall running : List.copyOf(open.values())) {
            if (cancelsOnInterrupt(running.call().name())) {
                running.stop(CallRunner.cancelled(running.call().name()));
            }
        }
        if (open.isEmpty()) {
            settled.complete(null);
        }
        isEnding = true;
        return settled;
    }

    private boolean cancelsOnInterrupt(String name) {
        PlannedTool tool = tools.get(name);
        return tool != null && tool.policy().cancelOnInterrupt();
    }

    private ToolContext context() {
        ToolContext known = context;
        if (known == null) {
            known = fresh();
            context = known;
        }
        return known;
    }

    private ToolContext fresh() {
        VoiceSession conversation = session.session();
        return ToolContext.of(conversation.conversationId(), conversation.attributes(), past::all);
    }

    private void settle(ToolRequest request, ToolResult result, long arrived) {
        session.answer(request, result.output());
        Duration took = Duration.ofNanos(session.clock().nanoTime() - arrived);
        session.report(new ToolOutcome(request, result.ok(), result.errorCode(), result.output(), took));
    }
}
