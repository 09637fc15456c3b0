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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A toolbox in one session. Its ledger sees to it that a call runs once: one that comes again under its id is answered as the first
 * was, and another one under the same id is refused. The loop owns everything here.
 */
final class ToolsPart implements SessionPart {
    private final Toolbox toolbox;
    private final SessionHandle session;
    private final CallRunner runner;
    private final Ledger ledger = new Ledger();
    /** Completed when the session ends and no call is open. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    private boolean isEnding;
    private final Map<String, RunningCall> open = new LinkedHashMap<>();

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
        ToolCall call = new ToolCall(request.callId(), request.name(), request.argumentsJson());
        Ledger.Entry before = ledger.find(call.callId());
        if (before != null) {
            onRepeated(request, call, before);
        } else if (ledger.begins(call)) {
            run(request, call);
        } else {
            refuse(request, call, CallRunner.tooMany());
        }
    }

    private void run(ToolRequest request, ToolCall call) {
        long arrived = session.clock().nanoTime();
        RunningCall running = runner.start(call, context(), tools);
        open.put(call.callId(), running);
        running.result()
                .thenAccept(result -> session.loop().execute(() -> {
                    open.remove(call.callId());
                    ledger.ends(call, result);
                    settle(request, result, arrived);
                    if (isEnding && open.isEmpty()) {
                        settled.complete(null);
                    }
                }));
    }

    /** The same call is answered as it was, without a second run; another one under its id is refused. */
    private void onRepeated(ToolRequest request, ToolCall call, Ledger.Entry before) {
        ToolResult known = before.result();
        if (!before.isSame(call)) {
            problem(call, "came again for another call, which was refused");
            refuse(request, call, CallRunner.reused(call.callId()));
        } else if (before.isRunning()) {
            problem(call, "came again while it runs; its one output answers both");
        } else if (known != null) {
            problem(call, "came again; it was answered as before and not run again");
            session.answer(call.callId(), known.output());
        } else {
            problem(call, "came again long after; it was refused and not run again");
            refuse(request, call, CallRunner.forgotten(call.name()));
        }
    }

    private void problem(ToolCall call, String what) {
        session.report(new Problem(Problem.Kind.OUT_OF_ORDER, "the tool call id " + call.callId() + " " + what));
    }

    private void refuse(ToolRequest request, ToolCall call, ToolResult with) {
        String measuredAs = tools.containsKey(call.name()) ? call.name() : ToolMeter.UNKNOWN;
        runner.refused(call, measuredAs, with);
        settle(request, with, session.clock().nanoTime());
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
        return ToolContext.of(conversation.conversationId(), conversation.attributes(), ledger::past);
    }

    private void settle(ToolRequest request, ToolResult result, long arrived) {
        session.answer(request, result.output());
        Duration took = Duration.ofNanos(session.clock().nanoTime() - arrived);
        session.report(new ToolOutcome(request, result.ok(), result.errorCode(), result.output(), took));
    }
}
