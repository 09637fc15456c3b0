package dev.parley.testkit;

import java.util.Arrays;
import java.util.List;

/**
 * One response that calls tools instead of speaking. The turn's next step follows once every call has its output.
 *
 * @param calls at least one
 * @param interrupted whether the caller is expected to speak before the outputs are in. The server then answers the
 *     caller first, and this turn's next step follows when the outputs come and nobody speaks
 */
public record Calls(List<Call> calls, boolean interrupted) implements Step {
    public Calls {
        calls = List.copyOf(calls);
        if (calls.isEmpty()) {
            throw new ScriptException("a response with calls needs at least one call");
        }
    }

    /** One response with these calls. */
    public static Calls of(Call... calls) {
        return new Calls(Arrays.asList(calls), false);
    }

    /** The same, but the caller must speak before the outputs are in. */
    public Calls expectInterruption() {
        return new Calls(calls, true);
    }
}
