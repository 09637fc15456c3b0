package dev.parley.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be written is refused where it is made, and not on the session's loop. */
class ClientEventTest {
    @Test
    void whatIsMissingIsNamed() {
        refuses(() -> new ClientEvent.SessionUpdate(null), "an update needs a configuration");
        refuses(
                () -> new ClientEvent.Message(null, "hello", null),
                "a message needs a role: user, assistant or system");
        refuses(() -> new ClientEvent.Message("user", null, null), "a message needs a text");
        refuses(
                () -> new ClientEvent.TruncateItem(null, Duration.ZERO),
                "a truncation needs the id of the item to cut");
        refuses(() -> new ClientEvent.TruncateItem("i", null), "a truncation needs how much was heard");
        refuses(
                () -> new ClientEvent.ToolOutput(null, "{}"),
                "a tool's output needs the id of the call that it answers");
        refuses(
                () -> new ClientEvent.ToolOutput("c", null),
                "a tool's output needs a text: for a tool that returns nothing, \"null\"");
        refuses(() -> new ClientEvent.Raw(null), "a raw message needs a text");
    }

    private static void refuses(ThrowingCallable made, String message) {
        assertThatThrownBy(made).isInstanceOf(NullPointerException.class).hasMessage(message);
    }

    @Test
    void nothingIsHeardBeforeItsBeginning() {
        assertThatThrownBy(() -> new ClientEvent.TruncateItem("i", Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nobody has heard less than nothing: PT-0.001S");
    }

    @Test
    void nobodyElseSpeaksInAConversation() {
        assertThatThrownBy(() -> new ClientEvent.Message("narrator", "hello", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a message's role is user, assistant or system, not \"narrator\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[1]", "7", "{\"type\":\"x\"", "{} {}", "{\"type\":\"x\"}}"})
    void rawTextThatIsNoJsonObjectIsRefused(String text) {
        assertThatThrownBy(() -> new ClientEvent.Raw(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a raw message is one JSON object such as {\"type\":\"…\"}; these " + text.length()
                        + " chars are not");
    }

    @Test
    void rawTextStaysAsItIs() {
        String text = " { \"type\" : \"x\", \"n\" : 1e400, \"in\" : [ { } ] } ";
        assertThat(new ClientEvent.Raw(text).json()).isEqualTo(text);
    }
}
