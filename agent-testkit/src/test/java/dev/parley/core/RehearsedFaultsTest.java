package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions live through each fault that the rehearsal server can be told to have. */
@Timeout(60)
class RehearsedFaultsTest extends RehearsedStage {
    @ParameterizedTest
    @EnumSource(Fault.class)
    void survivesEachFaultInSpeech(Fault fault) {
        Speech speech;
        try {
            speech = Speech.of("One two three four five.").with(fault);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("the fault " + fault + " is for calls, not for speech");
            return;
        }
        Script script = Script.named("faulty")
                .turn(Turn.hear("a").says(speech))
                .turn(Turn.hear("b").says(" Still here."))
                .build();
        try (RehearsalServer server = fast(script);
                VoiceSession session = agent(server).connect()) {
            say(session);
            awaitSaid("One two three four five.");
            await().until(() -> desk.events.stream().anyMatch(ServerEvent.ResponseDone.class::isInstance));
            byte[] expected =
                    Recording.toneFor("One two three four five.").pcm16().array();
            assertThat(Arrays.copyOf(desk.heard(), expected.length)).isEqualTo(expected);
            say(session);
            awaitSaid("One two three four five. Still here.");
            server.connection(0).awaitFinished(SOON);

            assertThat(session.state()).isEqualTo(SessionState.READY);
            server.assertPassed();
            SessionCounters counters = session.counters();
            assertThat(counters.malformedMessages()).isEqualTo(fault == Fault.BROKEN_MESSAGES ? 7 : 0);
            assertThat(counters.unrecognizedEvents()).isEqualTo(fault == Fault.UNKNOWN_EVENTS ? 2 : 0);
            assertThat(counters.lateAudioDropped()).isEqualTo(fault == Fault.LATE_AUDIO ? 9_600 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void answersEachCallOnceWhateverIsWrongWithIt(Fault fault) {
        Optional<Script> script = FaultyCalls.with(fault);
        if (script.isEmpty()) {
            return;
        }
        desk.answers("check", OK).answers("book", OK);
        try (RehearsalServer server = fast(script.get());
                VoiceSession session = agent(server).connect()) {
            say(session);
            awaitSaid("Done.");
            server.connection(0).awaitFinished(SOON);

            server.assertPassed();
            assertThat(desk.requests).extracting(ToolRequest::name).containsExactly("check", "book");
            assertThat(desk.repeated).hasValue(fault == Fault.REPEATED_CALLS ? 2 : 0);
        }
    }
}
