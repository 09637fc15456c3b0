package dev.parley.samples.clinic.call;

import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.SessionException;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.provider.Provider;
import dev.parley.samples.clinic.desk.ClinicDatabase;
import dev.parley.samples.clinic.desk.ClinicTools;
import dev.parley.tools.Toolbox;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A conversation in writing with the same receptionist: typed lines in, text out, and nothing to hear. */
public final class TypedCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Provider provider;
    private final ClinicDatabase database;

    /** @param provider one whose dialect has text turns */
    public TypedCall(Provider provider, ClinicDatabase database) {
        this.provider = provider;
        this.database = database;
    }

    /**
     * Types lines, each after the reply to the last, until there are no more or the session is over.
     *
     * @param lines may wait for a person at the keyboard
     * @return why it did not go as it should; none if it did
     * @throws SessionException if the provider does not take the call
     */
    public List<String> type(Iterator<String> lines, CallScreen screen) throws InterruptedException {
        Clock clock = screen.clock();
        ZoneId zone = ZoneId.systemDefault();
        screen.line("call", provider.name() + " at " + provider.endpoint().getHost() + ", in writing");
        VoiceAgent agent = VoiceAgent.builder()
                .provider(provider)
                .instructions(Receptionist.instructions(LocalDate.ofInstant(clock.instant(), zone)))
                .settings(SessionSettings.builder().textOnly().build())
                .with(Toolbox.of(new ClinicTools(database, clock, zone)))
                .clock(clock)
                .listener(screen)
                .build();
        Replies replies = new Replies();
        int unanswered = 0;
        VoiceSession session = agent.session().listener(replies).connect();
        try (session) {
            session.requestResponse();
            unanswered += replies.awaitNext(PATIENCE) ? 0 : 1;
            while (!replies.sessionIsOver() && lines.hasNext()) {
                String line = lines.next();
                screen.line("caller", line);
                replies.expectAnother();
                session.sendText(line);
                unanswered += replies.awaitNext(PATIENCE) ? 0 : 1;
            }
        }
        return reasons(Objects.requireNonNull(session.closeReason()), unanswered);
    }

    private static List<String> reasons(CloseReason end, int unanswered) {
        List<String> reasons = new ArrayList<>();
        if (end.kind() == CloseReason.Kind.FAILED) {
            reasons.add("the connection ended early: " + end.message());
        } else if (unanswered > 0) {
            reasons.add("the agent did not answer in time: " + Count.of(unanswered, "time"));
        }
        return reasons;
    }
}
