package dev.parley.audio;

import java.time.Duration;

/** {@link BargeIn#serverDriven()}: what the server hears interrupts. Immutable. */
public final class ServerDrivenBargeIn implements BargeIn {
    static final ServerDrivenBargeIn POLICY = new ServerDrivenBargeIn(Duration.ZERO);

    private final Duration greeting;

    private ServerDrivenBargeIn(Duration greeting) {
        this.greeting = greeting;
    }

    /**
     * How much of the greeting the caller must have heard before their voice may interrupt it; zero unless said. It
     * keeps a cough, or a "hello?" over its first words, from cutting it. Whoever began to speak before and speaks
     * still at that moment interrupts it then; whoever had stopped is answered after it. The greeting is what the agent
     * says first, and is over when it has been played out, however short it was, or was cut: every later reply is
     * interrupted at once.
     *
     * <p>The server is asked not to cancel its replies ({@code interrupt_response: false}), and this session does so at
     * its {@code speech_started}; unless the settings say {@code interruptsResponse(true)}: then it may cut the greeting too. Where a server cannot be asked (swaram), connecting throws
     * {@link dev.parley.core.UnsupportedByProviderException}: such a server cancels by itself, and what it has
     * cancelled cannot be played to its end.
     */
    public ServerDrivenBargeIn notBefore(Duration heard) {
        return new ServerDrivenBargeIn(LocalBargeIn.notNegative(heard));
    }

    Duration notBefore() {
        return greeting;
    }

    /** Whether the session, and not the server, stops replies. */
    boolean interruptsItself() {
        return !greeting.isZero();
    }

    @Override
    public String toString() {
        return "serverDriven()" + (greeting.isZero() ? "" : ".notBefore(" + greeting + ")");
    }
}
