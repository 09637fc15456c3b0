package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a tool returns may be private too: the model gets it whole, and nobody else sees it. */
class SensitiveResultsTest {
    record Patient(
            String name, @Sensitive @JsonProperty("tel") String phone) {}

    record Tree(String name, @Sensitive String pin, List<Tree> below) {}

    sealed interface Found permits One, Nobody {}

    record One(Patient patient) implements Found {}

    record Nobody(String why) implements Found {}

    record Phone(@Sensitive String number) {
        @JsonValue
        String text() {
            return "+" + number;
        }
    }

    record Card(String of, Phone phone) {}

    record Flat(String street, @JsonUnwrapped Patient patient) {}

    static final class Bean {
        private final String secret = "s";

        @Sensitive
        public String getSecret() {
            return secret;
        }
    }

    @SuppressWarnings("DoNotCallSuggester") // these are told, never called
    static final class Shapes {
        @Tool
        @Sensitive
        String whole() {
            return "";
        }

        @Tool
        void nothing() {}

        @Tool
        List<Patient> list() {
            return List.of();
        }

        @Tool
        CompletionStage<Optional<Patient[]>> later() {
            throw new UnsupportedOperationException();
        }

        @Tool
        Map<String, Patient> map() {
            return Map.of();
        }

        @Tool
        Tree tree() {
            throw new UnsupportedOperationException();
        }

        @Tool
        Found found() {
            return new Nobody("");
        }

        @Tool
        Card card() {
            throw new UnsupportedOperationException();
        }

        @Tool
        Flat flat() {
            throw new UnsupportedOperationException();
        }

        @Tool
        Bean bean() {
            return new Bean();
        }
    }

    @Test
    void areFoundByTheTypesThatTheMethodDeclares() {
        Map<String, Set<String>> paths = Toolbox.of(new Shapes()).definitions().stream()
                .collect(Collectors.toMap(ToolDefinition::name, ToolDefinition::sensitiveOutputPaths));

        assertThat(paths)
                .containsEntry("whole", Set.of("result"))
                .containsEntry("nothing", Set.of())
                .containsEntry("list", Set.of("result.tel"))
                .containsEntry("later", Set.of("result.tel"))
                .containsEntry("map", Set.of("result"))
                .containsEntry("tree", Set.of("result.pin", "result.below"))
                .containsEntry("found", Set.of("result.patient.tel"))
                .containsEntry("card", Set.of("result.phone"))
                .containsEntry("flat", Set.of("result"))
                .containsEntry("bean", Set.of("result.secret"))
                .hasSize(10);
    }

    static final class Tools {
        @Tool
        List<Patient> patients() {
            return List.of(new Patient("Anitha", "98470"));
        }
    }

    /** Writes down each output that it is shown. */
    private static final class Onlooker implements SessionPart, SessionListener {
        final List<String> seen = new CopyOnWriteArrayList<>();

        private void see(String where, ServerEvent event) {
            if (event instanceof ServerEvent.ItemCreated created
                    && "function_call_output".equals(created.item().type())) {
                seen.add(where + ", coming in: " + created.item().text());
            }
        }

        @Override
        public void onClientEvent(ClientEvent event) {
            if (event instanceof ClientEvent.ToolOutput output) {
                seen.add("part, going out: " + output.output());
            }
        }

        @Override
        public void onServerEvent(ServerEvent event) {
            see("part", event);
        }

        @Override
        public void onToolOutcome(ToolOutcome outcome) {
            seen.add("part, outcome: " + outcome.output());
        }

        @Override
        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
            seen.add("listener, outcome: " + outcome.output());
        }

        @Override
        public void onEvent(VoiceSession session, ServerEvent event) {
            see("listener", event);
        }
    }

    @Test
    void theModelGetsThemAndNobodyElseDoes() {
        Script script = Script.named("a private result")
                .turn(Turn.hear("Who is booked?")
                        .calls(Call.to("patients").expectOk())
                        .says("Anitha is."))
                .build();
        Onlooker onlooker = new Onlooker();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(Swaram.simple("swaram_test").endpoint(server.url()))
                    .with(session -> onlooker)
                    .with(Toolbox.of(new Tools()))
                    .listener(onlooker)
                    .build();
            try (VoiceSession session = agent.connect()) {
                session.appendAudio(Recording.tone(Duration.ofMillis(600))
                        .then(Recording.silence(Duration.ofMillis(900)))
                        .pcm16());
                server.connection(0).awaitFinished(Duration.ofSeconds(20));
                await().until(() -> onlooker.seen.size() == 5);
            }
            server.assertPassed();
            assertThat(server.connection(0).received("conversation.item.create"))
                    .singleElement()
                    .satisfies(message -> assertThat(message).contains("98470"));
        }
        String masked = "{\"ok\":true,\"result\":[{\"name\":\"Anitha\",\"tel\":\"***\"}]}";
        assertThat(onlooker.seen)
                .containsExactlyInAnyOrder(
                        "part, going out: " + masked,
                        "part, coming in: " + masked,
                        "part, outcome: " + masked,
                        "listener, coming in: " + masked,
                        "listener, outcome: " + masked);
    }
}
