package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Fault;
import java.util.List;
import java.util.Set;

/** Sends the events of one response with the faults that concern any event: lost ids, foreign and broken messages. */
final class FaultyWire {
    private static final List<String> IDS = List.of("event_id", "response_id", "item_id");
    private static final List<String> UNKNOWN =
            List.of("{\"type\":\"response.mood.updated\",\"mood\":\"calm\"}", "{\"type\":\"x\"}");
    private static final List<String> BROKEN = List.of(
            "{\"type\":\"response.output_audio.delta\",\"delta\":",
            "[]",
            "\"response.done\"",
            "{\"delta\":\"AAAA\"}",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"!!!\"}",
            "{\"type\":\"response.output_audio_transcript.delta\"}",
            "{\"type\":7}");

    private final Wire wire;
    private final Set<Fault> faults;
    private boolean between;

    FaultyWire(Wire wire, Set<Fault> faults) {
        this.wire = wire;
        this.faults = faults;
    }

    void send(String event) {
        wire.send(faults.contains(Fault.NO_IDS) ? withoutIds(event) : event);
        if (!between) {
            // once, after the response's first event: more would teach nothing new
            between = true;
            if (faults.contains(Fault.UNKNOWN_EVENTS)) {
                UNKNOWN.forEach(wire::send);
            }
            if (faults.contains(Fault.BROKEN_MESSAGES)) {
                BROKEN.forEach(wire::send);
            }
        }
    }

    private static String withoutIds(String event) {
        JsonNode read = Json.read(event);
        if (!(read instanceof ObjectNode object)) {
            return event;
        }
        object.remove(IDS);
        if (object.path("response") instanceof ObjectNode response) {
            response.remove("id");
        }
        return object.toString();
    }
}
