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
import dev.parley.tools.internal.LiveFault;
import dev.parley.tools.internal.PlannedTool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A toolbox in one session. Its ledger sees to it that a call runs once: one that comes again under its id is answered as
 * the first was, and another one under the same id is refused. The loop owns everything here.
 */
final class ToolsPart implements SessionPart {
    private final Offer offer;
    private final SessionHandle session;
    private final CallRunner runner;
    private final Ledger ledger = new Ledger();
    private final Calls calls = new Calls();
    /** Completed when the session ends and no call is open. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    private boolean isEnding;
    private final Map<ToolRequest, RunningCall> open = new LinkedHashMap<>();

    /** Written on the connecting thread before any call comes, read on the loop. */
    private volatile Map<String, PlannedTool> tools;

    private @Nullable ToolContext context;

    ToolsPart(Offer offer, SessionHandle session, CallRunner runner) {
        this.offer = offer;
        this.session = session;
        this.runner = runner;
        this.tools = offer.own();
    }

    @Override
    public List<ToolDefinition> tools() {
        Consumer<LiveFault> faults =
                fault -> session.report(new Problem(Problem.Kind.TOOL_DEFINITION, fault.message(), fault.cause()));
        tools = offer.inTime(fresh(), session.clock(), faults);
        return offer.toldInTime(tools.values(), session.clock(), faults);
    }

    @Override
    public void onToolRequest(ToolRequest request) {
        Ledger.Entry before = ledger.find(request);
        if (before != null) {
            onRepeated(request, before);
        } else if (ledger.begins(request)) {
            run(request);
        } else {
            refuse(request, CallRunner.tooMany());
        }
    }

    private void run(ToolRequest request) {
        long arrived = session.clock().nanoTime();
        PlannedTool tool = tools.get(request.name());
        CallSession here =
                new CallSession(session, request, tool != null && tool.policy().speakProgress());
        RunningCall running = runner.start(callOf(request), context().in(here), tools, calls);
        open.put(request, running);
        running.result()
                .thenAccept(result -> loopFor(running).execute(() -> {
                    open.remove(request);
                    ledger.ends(request, new PastCall(running.call(), result));
                    here.beforeAnswer(result);
                    settle(request, result, arrived);
                    if (isEnding && open.isEmpty()) {
                        settled.complete(null);
                    }
                }));
    }

    private Executor loopFor(RunningCall ended) {
        LentThread thread = ended.lentThread();
        return thread == null ? session.loop() : session.loopOn(thread);
    }

    /** The same call is answered as it was, without a second run; another one under its id is refused. */
    private void onRepeated(ToolRequest request, Ledger.Entry before) {
        if (before.isEchoedBy(request)) {
            problem(request, "came again in its own response; its one output answers it");
            return;
        }
        ledger.cameAgain(request);
        ToolResult known = before.result();
        if (!before.isSame(request)) {
            problem(request, "came again for another call, which was refused");
            refuse(request, CallRunner.reused(request.callId()));
        } else if (before.isRunning()) {
            problem(request, "came again while its call runs; the one output answers both");
        } else if (known != null) {
            problem(request, "came again; it was answered as before and not run again");
            answer(request, known);
        } else {
            problem(request, "came again long after; it was refused and not run again");
            refuse(request, CallRunner.forgotten(request.name()));
        }
    }

    private void problem(ToolRequest request, String what) {
        session.report(new Problem(Problem.Kind.OUT_OF_ORDER, "the tool call id " + request.callId() + " " + what));
    }

    private void refuse(ToolRequest request, ToolResult with) {
        String measuredAs = tools.containsKey(request.name()) ? request.name() : ToolMeter.UNKNOWN;
        runner.refused(callOf(request), Conversation.NONE, measuredAs, with);
        settle(request, with, session.clock().nanoTime());
    }

    private static ToolCall callOf(ToolRequest request) {
        return new ToolCall(request.callId(), request.name(), request.argumentsJson());
    }

    /** No tool asks for it, and it comes every 20 ms: nothing is made of it. */
    @Override
    public void onPlayedUpToNanos(String itemId, long heardNanos) {}

    @Override
    public void onInterrupted(Interruption interruption) {
        stopWhatOnlyReads(CallRunner::cancelled);
    }

    /** Calls that only read are stopped; one that may have effects keeps the end waiting, so that its outcome is told. */
    @Override
    public CompletionStage<?> ending() {
        stopWhatOnlyReads(CallRunner::ended);
        if (open.isEmpty()) {
            settled.complete(null);
        }
        isEnding = true;
        return settled;
    }

    @Override
    public boolean waitsFor(Thread thread) {
        return calls.isRunOn(thread);
    }

    /** Nobody is left to tell what a call did that waits for its turn or for somebody's yes: it is not run any more. */
    @Override
    public void onClosed(CloseReason reason) {
        for (RunningCall running : List.copyOf(open.values())) {
            running.stopUnlessEntered(CallRunner.hungUp(running.call().name()));
        }
    }

    private void stopWhatOnlyReads(Function<String, ToolResult> why) {
        for (RunningCall running : List.copyOf(open.values())) {
            PlannedTool tool = tools.get(running.call().name());
            if (tool != null && tool.policy().cancelOnInterrupt()) {
                running.stop(why.apply(tool.name()));
            }
        }
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
        return ToolContext.of(conversation.conversationId(), conversation.attributes());
    }

    private void settle(ToolRequest request, ToolResult result, long arrived) {
        answer(request, result);
        Duration took = Duration.ofNanos(session.clock().nanoTime() - arrived);
        session.report(new ToolOutcome(request, result.ok(), result.errorCode(), result.output(), took));
    }

    /** A failure is spoken of, whatever the tool's own results are for. */
    private void answer(ToolRequest request, ToolResult result) {
        PlannedTool tool = tools.get(request.name());
        if (result.ok() && tool != null && tool.policy().immediate()) {
            session.answerQuietly(request, result.output());
        } else {
            session.answer(request, result.output());
        }
    }

    /** The session's calls as their runner knows them, and who works for those without a result. Any thread. */
    private final class Calls implements Conversation {
        private final Set<RunningCall> unanswered = ConcurrentHashMap.newKeySet();

        @Override
        public List<PastCall> past() {
            return ledger.past();
        }

        @Override
        public void begins(RunningCall call) {
            unanswered.add(call);
        }

        @Override
        public void ends(RunningCall call, ToolResult result) {
            unanswered.remove(call);
            ledger.settles(new PastCall(call.call(), result));
        }

        boolean isRunOn(Thread thread) {
            return unanswered.stream().anyMatch(each -> each.isWorker(thread));
        }
    }
}
