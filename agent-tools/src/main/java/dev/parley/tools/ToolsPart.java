package dev.parley.tools;

import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ToolDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A toolbox in one session. Its ledger sees to it that each call id gets exactly one output: the first request runs, and one
 * that comes again is reported and left alone. The loop owns everything here.
 */
final class ToolsPart implements SessionPart {
    /** More calls than any conversation makes; past it, a server that gone wild cannot fill the memory. */
    private static final int MOST_CALLS = 10_000;

    private final Toolbox toolbox;
    private final SessionHandle session;
    private final CallRunner runner;
    private final Map<String, ToolRequest> ledger = new HashMap<>();
    private final Map<String, RunningCall> open = new LinkedHashMap<>();
    private @Nullable ToolContext context;

    ToolsPart(Toolbox toolbox, SessionHandle session, CallRunner runner) {
        this.toolbox = toolbox;
        this.session = session;
        this.runner = runner;
    }

    @Override
    public List<ToolDefinition> tools() {
        return toolbox.definitions(fault -> session.report(new Problem(
                Problem.Kind.TOOL_DEFINITION, fault.message() + "; the schema lists no values", fault.cause())));
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
                runner.start(new ToolCall(request.callId(), request.name(), request.argumentsJson()), context());
        open.put(request.callId(), running);
        running.result()
                .thenAccept(result -> session.loop().execute(() -> {
                    open.remove(request.callId());
                    settle(request, result, arrived);
                }));
    }

    @Override
    public void onInterrupted(Interruption interruption) {
        for (RunningCall running : List.copyOf(open.values())) {
            if (toolbox.cancelsOnInterrupt(running.call().name())) {
                running.stop(CallRunner.cancelled(running.call().name()));
            }
        }
    }

    /** Calls that only read are stopped; one that may have effects runs to its end, and its outcome is still reported. */
    @Override
    public void onClosed(CloseReason reason) {
        for (RunningCall running : List.copyOf(open.values())) {
            if (toolbox.cancelsOnInterrupt(running.call().name())) {
                running.stop(CallRunner.cancelled(running.call().name()));
            }
        }
    }

    private ToolContext context() {
        ToolContext known = context;
        if (known == null) {
            VoiceSession conversation = session.session();
            known = ToolContext.of(conversation.conversationId(), conversation.attributes());
            context = known;
        }
        return known;
    }

    private void settle(ToolRequest request, ToolResult result, long arrived) {
        session.answer(request.callId(), result.output());
        Duration took = Duration.ofNanos(session.clock().nanoTime() - arrived);
        session.report(new ToolOutcome(request, result.ok(), result.errorCode(), result.output(), took));
    }
}
