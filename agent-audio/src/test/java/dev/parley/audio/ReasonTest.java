package dev.parley.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void isTheMessageOrTheKindOfAFailureThatSaysNothing() {
        assertThat(Reason.of(new IOException("no such device"))).isEqualTo("no such device");
        assertThat(Reason.of(new IOException())).isEqualTo("IOException");
        assertThat(Reason.of(new StackOverflowError())).isEqualTo("StackOverflowError");
    }
}
