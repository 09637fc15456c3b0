package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandedOnTest {
    private final HandedOn told = new HandedOn();

    private void reply(int number) {
        told.add("item_" + number, "reply_" + number);
        told.add("call_" + number, "reply_" + number);
        told.replyDone(id -> true);
    }

    @Test
    void theCallsOfTheLatestSixtyFourRepliesAreKnown() {
        for (int i = 1; i <= 64; i++) {
            reply(i);
        }
        assertThat(told.contains("item_1")).isTrue();
        assertThat(told.contains("call_1")).isTrue();
        reply(65);
        assertThat(told.contains("item_1")).isFalse();
        assertThat(told.contains("call_1")).isFalse();
        assertThat(told.contains("item_2")).isTrue();
    }

    @Test
    void allOfAReplyThatGoesOnAreKnown() {
        for (int i = 1; i <= 256; i++) {
            told.add("call_" + i, "reply");
        }
        told.replyDone(id -> !id.equals("reply"));
        assertThat(told.contains("call_1")).isTrue();
        assertThat(told.remove("call_1")).isTrue();
        assertThat(told.contains("call_1")).isFalse();
    }
}
