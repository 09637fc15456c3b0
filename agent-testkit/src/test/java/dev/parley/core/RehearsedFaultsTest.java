package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions live through each fault that the rehearsal server can be told to have. */
@Timeout(60)
class RehearsedFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String OK = "{\"ok\":true,\"result\":null}";

    private final Desk desk = new Desk();

    private VoiceAgent agent(RehearsalServer server) {
        return VoiceAgent.builder()
                .reconnect(ReconnectPolicy.never())
                .provider(server.provider())
                .instructions("Be kind.")
                .voice("mal-female")
                .with(desk)
                .listener(desk)
                .build();
    }

    private static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    private void awaitSaid(String text) {
        await().atMost(SOON).until(() -> desk.said().equals(text));
    }

    private static void say(VoiceSession session) {
        session.appendAudio(Recording.tone(Duration.ofMillis(600))
                .then(Recording.silence(Duration.ofMillis(600)))
                .pcm16());
    }

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
        Calls calls;
        try {
            calls = Calls.of(Call.to("check").expectOk(), Call.to("book").expectOk())
                    .with(fault);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("the fault " + fault + " is for speech, not for calls");
            return;
        }
        desk.answers("check", OK).answers("book", OK);
        Script script = Script.named("faulty calls")
                .turn(Turn.hear("a").then(calls).says("Done."))
                .build();
        try (RehearsalServer server = fast(script);
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
