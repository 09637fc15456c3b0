package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is wrong with a sensitive argument is told to the model whole, and to nobody else: the words may repeat the value. */
class SensitiveErrorsTest {
    @SuppressWarnings("DoNotCallSuggester") // a tool that throws is one of them
    static final class Tools {
        @Tool
        String pin(@Sensitive @Size(min = 9, message = "${validatedValue} is too short") String pin) {
            return pin;
        }

        @Tool
        String member(@Sensitive @ValuesFrom("members") String number) {
            return number;
        }

        @Tool
        String book(@Sensitive String phone) {
            throw new ToolException("No booking under " + phone + ".");
        }

        @Tool
        String open(@Size(min = 9, message = "${validatedValue} is too short") String word) {
            return word;
        }

        List<String> members() {
            return List.of("77001", "77002");
        }
    }

    private static final class Onlooker implements SessionPart, SessionListener {
        final List<String> sent = new CopyOnWriteArrayList<>();
        final List<String> outcomes = new CopyOnWriteArrayList<>();

        @Override
        public void onClientEvent(ClientEvent event) {
            if (event instanceof ClientEvent.ToolOutput output) {
                sent.add(output.output());
            }
        }

        @Override
        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
            outcomes.add(outcome.output());
        }
    }

    @Test
    void theModelReadsTheWordsAndOnlookersSeeTheirKind() {
        Script script = Script.named("private errors")
                .turn(Turn.hear("Here are my numbers.")
                        .calls(
                                Call.to("pin").with("pin", "98470").expectError("invalid_arguments"),
                                Call.to("member").with("number", "98470").expectError("invalid_arguments"),
                                Call.to("book").with("phone", "98470").expectError("failed"),
                                Call.to("open").with("word", "hello").expectError("invalid_arguments"))
                        .says("They are wrong."))
                .build();
        Onlooker onlooker = new Onlooker();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(session -> onlooker)
                    .with(Toolbox.of(new Tools()))
                    .listener(onlooker)
                    .build();
            try (VoiceSession session = agent.connect()) {
                session.appendAudio(Recording.tone(Duration.ofMillis(600))
                        .then(Recording.silence(Duration.ofMillis(900)))
                        .pcm16());
                server.connection(0).awaitFinished(Duration.ofSeconds(20));
                await().until(() -> onlooker.outcomes.size() == 4 && onlooker.sent.size() == 4);
            }
            server.assertPassed();
            assertThat(String.join("\n", server.connection(0).received("conversation.item.create")))
                    .contains("98470 is too short")
                    .contains("must be one of: 77001, 77002")
                    .contains("No booking under 98470.");
        }
        String masked = "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"***\",\"violations\":"
                + "[{\"argument\":\"%s\",\"problem\":\"***\"}]}}";
        String[] seen = {
            masked.formatted("pin"),
            masked.formatted("number"),
            "{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"***\"}}",
            "{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"word hello is too short\","
                    + "\"violations\":[{\"argument\":\"word\",\"problem\":\"hello is too short\"}]}}"
        };
        assertThat(onlooker.outcomes).containsExactlyInAnyOrder(seen);
        assertThat(onlooker.sent).containsExactlyInAnyOrder(seen);
    }

    @Test
    void toolsWithoutSensitiveArgumentsHaveOpenErrors() {
        assertThat(Toolbox.of(new Tools()).definitions())
                .filteredOn(each -> each.sensitiveOutputPaths().isEmpty())
                .extracting(ToolDefinition::name)
                .containsExactly("open");
    }

    record Card(String number) {
        @JsonCreator
        Card {
            if (number.length() < 9) {
                throw new IllegalArgumentException("not a card: " + number);
            }
        }
    }

    static final class Cards {
        @Tool
        void pay(@Sensitive Card card) {}
    }

    @Test
    void theLogHasTheKindOfWhatACreatorThrewAndNotItsWords() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            assertThat(Toolbox.builder()
                            .tools(new Cards())
                            .executor(Runnable::run)
                            .build()
                            .call(ToolCall.of("pay", "{\"card\":{\"number\":\"98470\"}}"))
                            .toCompletableFuture()
                            .join()
                            .output())
                    .contains("card is refused: these values do not go together")
                    .doesNotContain("98470");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("SensitiveErrorsTest$Card threw java.lang.IllegalArgumentException at ")
                .doesNotContain("98470");
    }
}
