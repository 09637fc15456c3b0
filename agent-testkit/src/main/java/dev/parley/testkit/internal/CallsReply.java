package dev.parley.testkit.internal;

import dev.parley.testkit.Call;
import dev.parley.testkit.Fault;
import java.util.Map;
import java.util.Set;

/**
 * One response that calls tools, sent in one go.
 *
 * @param calls by their ids, in order, with their arguments filled in
 */
record CallsReply(Map<String, Call> calls, Set<Fault> faults, SwaramEvents events, Wire wire) {

    void send() {
        FaultyWire out = new FaultyWire(wire, faults);
        String responseId = events.ids().newResponse();
        boolean createdLate = faults.contains(Fault.CREATED_LATE);
        if (!createdLate) {
            out.send(events.responseCreated(responseId));
        }
        if (faults.contains(Fault.DONE_EARLY)) {
            out.send(events.responseDone(responseId, "completed"));
        }
        for (Map.Entry<String, Call> each : calls.entrySet()) {
            sendCall(out, responseId, each.getKey(), each.getValue());
            if (createdLate) {
                createdLate = false;
                out.send(events.responseCreated(responseId));
            }
        }
        if (!faults.contains(Fault.DONE_EARLY)) {
            out.send(events.responseDone(responseId, "completed"));
        }
    }

    private void sendCall(FaultyWire out, String responseId, String callId, Call call) {
        String itemId = events.ids().newItem();
        boolean elsewhere = faults.contains(Fault.NAME_ELSEWHERE);
        if (elsewhere) {
            out.send(events.outputItemAdded(responseId, itemId, callId, call.name()));
        }
        String event =
                events.functionCall(responseId, itemId, callId, elsewhere ? null : call.name(), call.argumentsJson());
        out.send(event);
        if (faults.contains(Fault.REPEATED_CALLS)) {
            out.send(event);
        }
    }
}
