package dev.parley.core.internal;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Swaram;
import java.util.List;

/** The gate to a server that speaks at every output, and whose replies have no ids. */
class ContinuingStage extends GateStage {
    {
        gate = swaramGate();
    }

    ResponseGate swaramGate() {
        return gate(Swaram.simple("swaram_test").dialect(), true);
    }

    @Override
    void oneOpenCall() {
        created();
        gate.onCall("a", null);
        done();
    }

    boolean created() {
        return gate.onReplyCreated(new ServerEvent.ResponseCreated(null));
    }

    void done() {
        gate.onReplyDone(new ServerEvent.ResponseDone(null, "completed", List.of()));
    }
}
