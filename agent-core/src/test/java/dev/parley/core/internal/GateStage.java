package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAi;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gate to a server, one that must be asked if nothing else is said, and that server's part, said line by line. */
class GateStage {
    static final Dialect OPENAI = OpenAi.realtime("gpt-realtime", "sk-test").dialect();

    final ManualClock clock = new ManualClock();
    final List<String> sent = new ArrayList<>();
    final List<String> ids = new ArrayList<>();
    final List<String> outputIds = new ArrayList<>();
    ResponseGate gate = gate(OPENAI, true);

    ResponseGate gate(Dialect dialect, boolean repliesToSpeech) {
        return ResponseGate.of(dialect, repliesToSpeech, clock, Runnable::run, this::send);
    }

    void send(ClientEvent event, @Nullable String eventId) {
        if (event instanceof ClientEvent.ToolOutput output) {
            sent.add("output " + output.callId());
            outputIds.add(eventId);
        } else if (event instanceof ClientEvent.CreateResponse create) {
            sent.add(
                    create.options() == null
                            ? "create"
                            : "create " + create.options().instructions());
            ids.add(eventId);
        } else {
            sent.add(event.getClass().getSimpleName());
        }
    }

    void oneOpenCall() {
        created("r1");
        gate.onCall("a", "r1");
        done("r1", "completed");
    }

    void created(String id) {
        gate.onReplyCreated(new ServerEvent.ResponseCreated(id));
    }

    void done(String id, String status) {
        gate.onReplyDone(new ServerEvent.ResponseDone(id, status, List.of()));
    }

    void answer(String callId) {
        gate.answer(callId, "{}", true);
    }

    void acknowledge(String callId) {
        gate.onItem(new ServerEvent.Item("item_" + callId, "function_call_output", null, null, "", callId, null, null));
    }

    void refuse(String eventId) {
        assertThat(gate.onError(new ServerEvent.ErrorEvent(null, ResponseGate.ALREADY_ACTIVE, null, eventId)))
                .isTrue();
    }
}
