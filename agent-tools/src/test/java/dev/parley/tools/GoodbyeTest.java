package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.CloseReason;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionState;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a tool that ends or hands over the call to the hang-up, over a real socket. */
@Timeout(60)
class GoodbyeTest {
    static final class Tools {
        @Tool
        String goodbye(ToolContext call) {
            call.endCallAfterReply();
            return "Say goodbye.";
        }

        @Tool
        String person(ToolContext call) {
            call.transfer("desk-2");
            return "A person takes over. Say goodbye.";
        }
    }

    /** What a listener was told, and a player that reports nothing until the test has it played. */
    private static final class Caller implements SessionListener {
        final List<String> told = new CopyOnWriteArrayList<>();
        final AtomicInteger bytes = new AtomicInteger();
        volatile String item = "";

        @Override
        public void onEvent(VoiceSession session, ServerEvent event) {
            if (event instanceof ServerEvent.OutputAudio audio) {
                item = String.valueOf(audio.itemId());
                bytes.addAndGet(audio.audio().remaining());
            } else if (event instanceof ServerEvent.ResponseDone && bytes.get() > 0) {
                told.add("said");
            }
        }

        @Override
        public void onTransfer(VoiceSession session, String target) {
            told.add("transfer to " + target);
        }

        @Override
        public void onClosed(VoiceSession session, CloseReason reason) {
            told.add("closed " + reason.kind());
        }
    }

    @ParameterizedTest
    @CsvSource({"goodbye, said|closed CLOSED_BY_US", "person, said|transfer to desk-2|closed CLOSED_BY_US"})
    void theSessionHangsUpOnceTheLastWordsWereHeard(String tool, String told) {
        Script script = Script.named("the end")
                .turn(Turn.hear("That was all.").calls(Call.to(tool).expectOk()).says("Goodbye."))
                .build();
        Caller caller = new Caller();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(Toolbox.of(new Tools()))
                    .listener(caller)
                    .build();
            try (VoiceSession session = agent.connect()) {
                RehearsalConnection connection = server.connection(0);
                session.appendAudio(Recording.tone(Duration.ofMillis(600))
                        .then(Recording.silence(Duration.ofMillis(900)))
                        .pcm16());
                await().until(() -> caller.told.contains("said"));
                Duration words = Duration.ofNanos(1_000_000_000L * caller.bytes.get() / 48_000);

                // two frames of a player are missing: one that is would count as heard
                session.playedUpTo(caller.item, words.minusMillis(40));
                connection.awaitFinished(Duration.ofSeconds(20));
                assertThat(session.state()).isEqualTo(SessionState.READY);
                session.playedUpTo(caller.item, words);

                assertThat(session.awaitClosed(Duration.ofSeconds(10))).isTrue();
                connection.awaitClosed(Duration.ofSeconds(10));
                assertThat(connection.closeCode()).isEqualTo(1000);
            }
            server.assertPassed();
        }
        await().untilAsserted(() -> assertThat(caller.told).containsExactly(told.split("\\|")));
    }
}
