package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.SessionPart;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.Usage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of a session's events its parts may see. */
class PartsTest {
    private final Parts parts = Parts.of(
            List.of(new SessionPart() {
                @Override
                public List<ToolDefinition> tools() {
                    return List.of(new ToolDefinition("book", "", "{}", Set.of("phone"), Set.of("pin")));
                }
            }),
            List.of());

    @Test
    void aMaskedEndOfAReplyIsTheSameInEverythingElse() {
        Item call = new Item("i1", "function_call", null, "completed", "", "c1", "book", "{\"phone\":1,\"day\":2}");
        Usage usage = new Usage(12, 34, 5, 6, 7);
        assertThat(parts.masked(new ServerEvent.ResponseDone("r1", "failed", List.of(call), "server_error", usage)))
                .isEqualTo(new ServerEvent.ResponseDone(
                        "r1",
                        "failed",
                        List.of(new Item(
                                "i1",
                                "function_call",
                                null,
                                "completed",
                                "",
                                "c1",
                                "book",
                                "{\"phone\":\"***\",\"day\":2}")),
                        "server_error",
                        usage));
    }
}
