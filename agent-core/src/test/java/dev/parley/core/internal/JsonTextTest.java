package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** JSON that is passed on as text. */
class JsonTextTest {
    private static final String NUMBERS =
            "{\"amount\":0.1234567890123456789012345,\"id\":12345678901234567890123,\"whole\":1.0,\"phone\":\"1\"}";

    @Test
    void numbersKeepEveryDigit() throws Exception {
        try (JsonParser parser = new JsonFactory().createParser(NUMBERS)) {
            parser.nextToken();
            assertThat(JsonText.copy(parser)).isEqualTo(NUMBERS);
        }
    }

    @Test
    void numbersBesideAMaskedValueKeepEveryDigit() {
        assertThat(JsonText.masked(NUMBERS, Set.of("phone"))).isEqualTo(NUMBERS.replace("\"1\"", "\"***\""));
    }

    @Test
    void numbersThatNoDoubleHoldsStayWhatTheyAre() {
        String masked = JsonText.masked("{\"big\":1e400,\"phone\":\"1\"}", Set.of("phone"));
        assertThat(masked).isEqualTo("{\"big\":1E+400,\"phone\":\"***\"}");
    }

    @Test
    void whatIsNoObjectIsMaskedWhole() {
        assertThat(JsonText.masked("[\"1\"]", Set.of("phone"))).isEqualTo("\"***\"");
        assertThat(JsonText.masked("{\"phone\":", Set.of("phone"))).isEqualTo("\"***\"");
    }
}
