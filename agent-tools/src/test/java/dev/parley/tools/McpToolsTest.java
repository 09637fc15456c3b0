package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.parley.core.SessionListener;
import dev.parley.core.ToolOutcome;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ToolDefinition;
import dev.parley.testkit.Call;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.testkit.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tools of a real MCP server, a process that speaks over stdio, in a voice session. */
@Timeout(60)
class McpToolsTest {
    private final McpClient client = start();
    private Toolbox toolbox = Toolbox.builder().build();

    private static McpClient start() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new DefaultMcpClient.Builder()
                .transport(new StdioMcpTransport.Builder()
                        .command(List.of(
                                java, "-cp", System.getProperty("java.class.path"), McpServerMain.class.getName()))
                        .build())
                .build();
    }

    @BeforeEach
    void plugIn() {
        toolbox = Toolbox.builder()
                .toolProvider(McpToolProvider.builder().mcpClients(client).build())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
    }

    private String call(String tool, String arguments) throws Exception {
        return toolbox.call(ToolCall.of(tool, arguments))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .output();
    }

    @Test
    void itsToolsAreToldAsItTellsThem() {
        assertThat(toolbox.definitions())
                .extracting(ToolDefinition::name)
                .containsExactlyInAnyOrder("weather", "storm");
        assertThat(toolbox.definitions())
                .allSatisfy(each -> assertThat(each.parametersJson())
                        .contains("\"city\":{\"type\":\"string\",\"description\":\"which\"}")
                        .contains("\"required\":[\"city\"]"));
    }

    @Test
    void itsAnswersKeepToTheOutputContract() throws Exception {
        assertThat(call("weather", "{\"city\":\"കൊച്ചി\"}")).isEqualTo("{\"ok\":true,\"result\":\"Sun in കൊച്ചി.\"}");
        // Its client throws what the server calls an error, and a throw may hold anything: the model gets an incident.
        assertThat(call("storm", "{\"city\":\"Kochi\"}"))
                .matches(
                        "\\{\"ok\":false,\"error\":\\{\"code\":\"failed\",\"message\":\"storm failed for a technical reason"
                                + " \\(incident [0-9a-f]{8}\\); do not say that it worked\"}}");
    }

    @Test
    void aSessionCallsThem() {
        Script script = Script.named("weather")
                .turn(Turn.hear("How is the weather?")
                        .calls(
                                Call.to("weather").with("city", "Kochi").expectOk(),
                                Call.to("storm").with("city", "Kochi").expectError("failed"))
                        .says("Sunny."))
                .build();
        List<ToolOutcome> outcomes = new CopyOnWriteArrayList<>();
        try (RehearsalServer server = RehearsalServer.start(script)) {
            VoiceAgent agent = VoiceAgent.builder()
                    .provider(server.provider())
                    .with(toolbox)
                    .listener(new SessionListener() {
                        @Override
                        public void onToolOutcome(VoiceSession session, ToolOutcome outcome) {
                            outcomes.add(outcome);
                        }
                    })
                    .build();
            try (VoiceSession session = agent.connect()) {
                session.appendAudio(Recording.tone(Duration.ofMillis(600))
                        .then(Recording.silence(Duration.ofMillis(900)))
                        .pcm16());
                server.connection(0).awaitFinished(Duration.ofSeconds(20));
                await().until(() -> outcomes.size() == 2);
            }
            server.assertPassed();
        }
    }
}
