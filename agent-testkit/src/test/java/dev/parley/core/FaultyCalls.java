package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.util.Optional;

/** A turn of two calls that come with a fault, and "Done.". */
final class FaultyCalls {
    private FaultyCalls() {}

    /** Empty where the fault is none that calls can have, which the kit says itself. */
    static Optional<Script> with(Fault fault) {
        Calls calls;
        try {
            calls = Calls.of(Call.to("check").expectOk(), Call.to("book").expectOk())
                    .with(fault);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("the fault " + fault + " is for speech, not for calls");
            return Optional.empty();
        }
        return Optional.of(Script.named("faulty calls")
                .turn(Turn.hear("a").then(calls).says("Done."))
                .build());
    }
}
