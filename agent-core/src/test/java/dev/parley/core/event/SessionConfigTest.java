package dev.parley.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a configuration says of itself. */
class SessionConfigTest {
    @Test
    void itShowsNoInstructions() {
        SessionConfig config =
                new SessionConfig("My name is Asha.", "alloy", List.of(new ToolDefinition("book", "d", "{}")));
        assertThat(config)
                .hasToString(
                        "SessionConfig[instructions=16 chars, voice=alloy, tools=[book], settings=SessionSettings[]]");
        assertThat(new ClientEvent.SessionUpdate(config)).hasToString("SessionUpdate[config=" + config + "]");
    }
}
