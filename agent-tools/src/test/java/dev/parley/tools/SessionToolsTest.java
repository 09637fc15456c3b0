package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Over a real socket on loopback, against the rehearsal server, which counts the outputs of each call. */
class SessionToolsTest {
    @SuppressWarnings("DoNotCallSuggester") // tools that throw are the point
    static final class Tools {
        private final CountDownLatch never = new CountDownLatch(1);

        @Tool
        String greet(@P("who") @Pattern(regexp = "[A-Z]\\w*") @Sensitive String name) {
            return "hello";
        }

        record Guest(String name, @Sensitive String phone) {}

        @Tool
        void invite(List<Guest> guests) {}

        @Tool
        void throwsUp() {
            throw new IllegalStateException("secret");
        }

        @Tool
        void asks() {
            throw new ToolException("Ask for the name.");
        }

        @Tool
        @ToolPolicy(timeout = "100ms")
        void hangs() throws InterruptedException {
            never.await();
        }
    }

    private static void speak(VoiceSession session) {
        session.appendAudio(Recording.tone(Duration.ofMillis(600))
                .then(Recording.silence(Duration.ofMillis(900)))
                .pcm16());
    }

    @Test
    void eachCallOfOneResponseGetsItsOneOutput() {
        Script script = Script.named("every outcome")
                .turn(Turn.hear("Do everything.")
                        .calls(
                                Call.to("greet").with("name", "Asha").expectOk(),
                                Call.to("greet").with("name", "7").expectInvalid("name"),
                                Call.to("greet").withRaw("{\"name\":").expectError("invalid_json"),
                                Call.to("greet").withRaw("[[[[").expectError("invalid_json"),
                                Call.to("invite")
                                        .withRaw("{\"guests\":[{\"name\":\"Biju\",\"fone\":\"98470\"}]}")
                                        .expectError("invalid_arguments"),
                                Call.to("throwsUp").expectError("failed"),
                                Call.to("asks").expectError("failed"),
                                Call.to("hangs").expectError("timeout"),
                                Call.to("nobody").expectError("unknown_tool"))
                        .says("Done."))
                .build();
        List<String> outcomes = new CopyOnWriteArrayList<>();
        List<String> arguments = new CopyOnWriteArrayList<>();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(Toolbox.of(new Tools()))
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
                            outcomes.add(outcome.request().name() + " " + outcome.errorCode());
                            arguments.add(outcome.request().argumentsJson());
                        }
                    })
                    .build();
            try (VoiceSession session = agent.connect()) {
                speak(session);
                server.connection(0).awaitFinished(Duration.ofSeconds(20));
                await().until(() -> outcomes.size() == 9);
            }
            server.assertPassed();
        }
        assertThat(outcomes)
                .containsExactlyInAnyOrder(
                        "greet null",
                        "greet invalid_arguments",
                        "greet invalid_json",
                        "greet invalid_json",
                        "invite invalid_arguments",
                        "throwsUp failed",
                        "asks failed",
                        "hangs timeout",
                        "nobody unknown_tool");
        assertThat(arguments)
                .noneMatch(each -> each.contains("Asha"))
                .contains("{\"guests\":[{\"name\":\"Biju\",\"fone\":\"***\"}]}");
    }

    @Test
    void fiftyCallsAtOnceAreAllAnsweredOnce() {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(Call.to("greet").with("name", "Asha"));
        }
        Script script = Script.named("a burst")
                .turn(Turn.hear("All of them.")
                        .calls(calls.toArray(Call[]::new))
                        .says("Done."))
                .build();
        List<ToolOutcome> outcomes = new CopyOnWriteArrayList<>();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(Toolbox.of(new Tools()))
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
                            outcomes.add(outcome);
                        }
                    })
                    .build();
            try (VoiceSession session = agent.connect()) {
                speak(session);
                server.connection(0).awaitFinished(Duration.ofSeconds(20));
                await().until(() -> outcomes.size() == 50);
            }
            server.assertPassed();
        }
        assertThat(outcomes).allMatch(outcome -> outcome.ok() || "busy".equals(outcome.errorCode()));
        assertThat(outcomes).extracting(outcome -> outcome.request().callId()).doesNotHaveDuplicates();
    }
}
