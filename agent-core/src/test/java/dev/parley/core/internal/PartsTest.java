package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.History;
import dev.parley.core.ManualClock;
import dev.parley.core.Problem;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What of a session's events its parts may see. */
class PartsTest {
    private final Parts parts = Parts.of(
            List.of(new SessionPart() {
                @Override
                public List<ToolDefinition> tools() {
                    return List.of(new ToolDefinition(
                            "book",
                            "",
                            "{\"type\":\"object\",\"properties\":{\"phone\":{\"type\":\"string\"},\"day\":{\"properties\":{\"x\":{}}}}}",
                            Set.of("phone", "guest.phone"),
                            Set.of("pin")));
                }
            }),
            List.of());

    @Test
    void whatAReplacedConnectionsCallsHeldIsMaskedInWhatTheNextOneIsTold() {
        List<History.Entry> before = List.of(
                new History.Entry(History.Speaker.USER, "My number is known to you."),
                new History.Entry(History.Speaker.TOOL, "book{\"phone\":98470} -> {\"pin\":1234}"));
        assertThat(parts.masked(Instructions.message(before.get(0)))).isEqualTo(Instructions.message(before.get(0)));
        assertThat(parts.masked(Instructions.message(before.get(1))))
                .isEqualTo(new ClientEvent.Message("system", "A tool was called: ***", null));
        assertThat(parts.masked(Instructions.lateOutcome(
                        new ToolRequest("c1", "book", "{\"phone\":98470}", "r1"), "{\"pin\":1234}")))
                .isEqualTo(new ClientEvent.Message("system", "The outcome of the tool call ***", null));
        SessionConfig config = new SessionConfig("Be brief.", "asha", parts.definitions());
        assertThat(parts.masked(
                        new ClientEvent.SessionUpdate(config.withInstructions(Instructions.with("Be brief.", before)))))
                .isEqualTo(
                        new ClientEvent.SessionUpdate(
                                config.withInstructions(
                                        "Be brief.\n\nThis conversation goes on from an earlier one. What was said and done so far:\n***")));
        assertThat(parts.masked(new ClientEvent.SessionUpdate(config)))
                .isEqualTo(new ClientEvent.SessionUpdate(config));
    }

    /** A loudspeaker that did not close was told of as a file that may be incomplete. */
    @Test
    void workThatGoesOnAfterTheEndIsToldOfByItsName() {
        ManualClock clock = new ManualClock();
        List<Problem> problems = new ArrayList<>();
        Parts working = Parts.of(
                List.of(),
                List.of(
                        new PartHandle.Writer("audio-sink", new SerialLane(task -> {}, fault -> {})),
                        new PartHandle.Writer("recording", new SerialLane(Runnable::run, fault -> {})),
                        new PartHandle.Writer("transcript", new SerialLane(task -> {}, fault -> {}))));
        CompletableFuture<Void> written = working.whenWritten(clock, problems::add);
        clock.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(problems).isEmpty();
        assertThat(written).isNotDone();
        clock.advance(Duration.ofNanos(1));
        assertThat(written).isDone();
        assertThat(problems)
                .containsExactly(new Problem(
                        Problem.Kind.EXTENSION_FAILED,
                        "work goes on 2 s after the session ended (audio-sink, transcript); it is not waited for: what it"
                                + " writes may be incomplete, and what it closes may stay open"));
    }

    @Test
    void whatTheServerRepeatsOfThemIsMaskedToo() {
        String told = "A tool was called: book{\"phone\":98470} -> {\"pin\":1234}";
        assertThat(parts.masked(new ServerEvent.ItemCreated(
                        new Item("i1", "message", "system", "completed", told, null, null, null))))
                .isEqualTo(new ServerEvent.ItemCreated(
                        new Item("i1", "message", "system", "completed", "A tool was called: ***", null, null, null)));
        assertThat(parts.masked(
                        new ServerEvent.Unrecognized("conversation.item.retrieved", "{\"text\":\"" + told + "\"}")))
                .isEqualTo(new ServerEvent.Unrecognized("conversation.item.retrieved", "{\"type\":\"***\"}"));
    }

    @Test
    void anItemOfACallIsMaskedWhateverTheServerCallsIt() {
        parts.masked(new ServerEvent.FunctionCallArguments("r1", "i0", "c1", "book", "{}"));
        assertThat(parts.masked(new ServerEvent.ItemCreated(
                        new Item("i1", "tool_result", null, null, "{\"pin\":1234,\"ok\":true}", "c1", null, null))))
                .isEqualTo(new ServerEvent.ItemCreated(
                        new Item("i1", "tool_result", null, null, "{\"pin\":\"***\",\"ok\":true}", "c1", null, null)));
        assertThat(parts.masked(new ServerEvent.ItemCreated(
                        new Item("i2", null, null, null, "", "c1", null, "{\"phone\":98470}"))))
                .isEqualTo(new ServerEvent.ItemCreated(
                        new Item("i2", null, null, null, "", "c1", null, "{\"phone\":\"***\"}")));
    }

    @Test
    void anArgumentUnderANameThatTheToolDoesNotKnowIsMasked() {
        String arguments =
                "{\"Phone\":98470,\"day\":{\"y\":2},\"x\":[1],\"guest\":{\"phone\":1,\"name\":\"Meera\"},\"phone\":1}";
        assertThat(parts.masked(new ToolRequest("c1", "book", arguments, "r1")))
                .isEqualTo(new ToolRequest(
                        "c1",
                        "book",
                        "{\"Phone\":\"***\",\"day\":{\"y\":\"***\"},\"x\":\"***\","
                                + "\"guest\":{\"phone\":\"***\",\"name\":\"Meera\"},\"phone\":\"***\"}",
                        "r1"));
    }

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
