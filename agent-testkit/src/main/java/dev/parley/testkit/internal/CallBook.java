package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Step;
import dev.parley.testkit.Violation.Kind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The calls that the scripted model made, and whose outputs are in: one output for each, whenever it comes. */
final class CallBook {
    private final Consumer<String> mismatches;
    private final Map<String, OpenCall> waiting = new LinkedHashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, JsonNode> lastOutputs = new HashMap<>();
    private final List<LateCalls> late = new ArrayList<>();
    private boolean mayBeInterrupted;

    CallBook(Consumer<String> mismatches) {
        this.mismatches = mismatches;
    }

    /** Calls whose outputs were not in when the caller spoke, and what the server says once they are. */
    private record LateCalls(String where, Map<String, OpenCall> calls, List<Step> then) {}

    /** Makes a response's calls: by their ids, in order, with their arguments filled in. */
    Map<String, Call> make(Calls calls, String where, LocalDate today, Supplier<String> ids) {
        mayBeInterrupted = calls.interrupted();
        Placeholders placeholders =
                new Placeholders(today, lastOutputs, message -> mismatches.accept(where + ": " + message));
        Map<String, Call> made = new LinkedHashMap<>();
        for (Call call : calls.calls()) {
            String callId = ids.get();
            made.put(callId, call.withRaw(placeholders.fill(call.argumentsJson())));
            waiting.put(callId, new OpenCall(where, callId, call.name(), call.expect()));
        }
        return made;
    }

    boolean waiting() {
        return !waiting.isEmpty();
    }

    /** Whether outputs are waited for, and the caller should speak meanwhile. */
    boolean waitingToBeInterrupted() {
        return waiting() && mayBeInterrupted;
    }

    /** The caller spoke before all outputs were in. What is left of the turn follows when they are. */
    void interrupt(String where, List<Step> then) {
        if (!mayBeInterrupted) {
            mismatches.accept(where + ": the caller spoke before the output of " + names(waiting) + " came");
        }
        late.add(new LateCalls(where, new LinkedHashMap<>(waiting), then));
        waiting.clear();
    }

    /**
     * Takes an output.
     *
     * @return the steps that follow since the caller had spoken over the call, and it was the last of its response
     * @throws Breach if the call has its output, or was never made
     */
    List<Step> settle(String callId, JsonNode output) throws Breach {
        if (answered.contains(callId)) {
            throw new Breach(Kind.SECOND_OUTPUT, "a second output for " + callId + " came");
        }
        OpenCall call = waiting.remove(callId);
        List<Step> then = List.of();
        if (call != null) {
            if (waiting.isEmpty() && mayBeInterrupted) {
                mismatches.accept(call.where() + ": the caller should speak before the outputs are in, and did not");
            }
        } else {
            for (Iterator<LateCalls> each = late.iterator(); call == null && each.hasNext(); ) {
                LateCalls calls = each.next();
                call = calls.calls().remove(callId);
                if (call != null && calls.calls().isEmpty()) {
                    each.remove();
                    then = calls.then();
                }
            }
        }
        if (call == null) {
            throw new Breach(Kind.UNKNOWN_CALL_ID, "an output for " + callId + " came, and no such call was made");
        }
        answered.add(callId);
        lastOutputs.put(call.name(), output);
        String mismatch = call.mismatch(output);
        if (mismatch != null) {
            mismatches.accept(mismatch);
        }
        return then;
    }

    /** An output as a value: what is not JSON is text. */
    static JsonNode value(String output) {
        JsonNode read = Json.read(output);
        return read == null ? TextNode.valueOf(output) : read;
    }

    /** Whether the outputs of calls that the caller spoke over are all in. */
    boolean lateSettled() {
        return late.isEmpty();
    }

    String waitingNames() {
        return names(waiting);
    }

    /** One line for each response whose outputs are missing. */
    List<String> missing(String where) {
        List<String> lines = new ArrayList<>();
        late.forEach(each -> lines.add(each.where() + ": no output of " + names(each.calls()) + " came"));
        if (waiting()) {
            lines.add(where + ": no output of " + waitingNames() + " came");
        }
        return lines;
    }

    private static String names(Map<String, OpenCall> calls) {
        return String.join(", ", calls.values().stream().map(OpenCall::name).toList());
    }
}
