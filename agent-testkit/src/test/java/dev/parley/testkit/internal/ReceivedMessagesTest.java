package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceivedMessagesTest {
    private final ReceivedMessages received = new ReceivedMessages();

    @Test
    void keepsTheLatestMessagesAndNoMoreThanFourMegabytesOfThem() {
        for (int i = 0; i < 5; i++) {
            received.add(Json.object().put("type", "session.update").put("n", i).put("long", "x".repeat(1_000_000)));
        }

        assertThat(received.all()).hasSize(2).allMatch(text -> text.contains("\"n\":3") || text.contains("\"n\":4"));
    }

    @Test
    void keepsOneMessageHoweverLongItIs() {
        received.add(Json.object().put("type", "session.update").put("long", "x".repeat(3_000_000)));

        assertThat(received.ofType("session.update")).hasSize(1);
    }
}
