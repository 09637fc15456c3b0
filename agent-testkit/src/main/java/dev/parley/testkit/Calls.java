package dev.parley.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One response that calls tools instead of speaking. The turn's next step follows once every call has its output.
 * Immutable.
 *
 * @param calls at least one
 * @param interrupted whether the caller is expected to speak before the outputs are in. The server then answers the
 *     caller first, and this turn's next step follows when the outputs come and nobody speaks
 * @param faults what the server does wrong on the way
 */
public record Calls(List<Call> calls, boolean interrupted, Set<Fault> faults) implements Step {
    public Calls {
        calls = List.copyOf(calls);
        faults = Set.copyOf(faults);
        faults.forEach(Fault::checkedForCalls);
        if (calls.isEmpty()) {
            throw new ScriptException("a response with calls needs at least one call");
        }
    }

    /** One response with these calls. */
    public static Calls of(Call... calls) {
        return new Calls(Arrays.asList(calls), false, Set.of());
    }

    /** The same, but the caller must speak before the outputs are in. */
    public Calls expectInterruption() {
        return new Calls(calls, true, faults);
    }

    /** The same, with these faults and no others. */
    public Calls with(Fault... newFaults) {
        return new Calls(calls, interrupted, Set.of(newFaults));
    }
}
