package dev.parley.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider says of its address. */
class ProviderTest {
    @ParameterizedTest
    @CsvSource({
        "wss://user:canary@host/path#canary, wss://host/path",
        "wss://canary@host:99/a@b?key=canary#canary, wss://host:99/a@b",
        "wss://host/a@b#canary, wss://host/a@b",
        "wss://host, wss://host",
    })
    void theAddressShowsNoSecret(String address, String shown) {
        assertThat(OpenAi.realtime("m", "k").endpoint(URI.create(address)).toString())
                .startsWith("OpenAI at " + shown + ", model m, ")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:canary@host/path?canary#canary, https://host/path",
        "wss://user:canary/canary@host/path, …@host/path",
        "user:canary@host, …@host",
        "host/path, host/path",
    })
    void anAddressThatIsRefusedShowsNoneEither(String address, String shown) {
        Provider provider = OpenAi.realtime("m", "k");
        assertThatThrownBy(() -> provider.endpoint(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an endpoint looks like wss://host/path, not " + shown);
    }

    @Test
    void theAddressItselfIsWhole() {
        URI address = URI.create("wss://host/path?key=value");
        assertThat(OpenAi.realtime("m", "k").endpoint(address).endpoint()).isEqualTo(address);
    }
}
