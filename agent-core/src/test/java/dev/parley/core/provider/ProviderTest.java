package dev.parley.core.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource({"0", "65536", "99999"})
    void aPortThatNoMachineHasIsRefused(int port) {
        Provider provider = OpenAi.realtime("m", "k");
        assertThatThrownBy(() -> provider.endpoint(URI.create("wss://host:" + port + "/path?canary")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a port is between 1 and 65535, which " + port + " of wss://host:" + port + "/path is not");
    }

    @ParameterizedTest
    @CsvSource({"''", "api key", "api:key", "schlüssel", "'api-key\n'"})
    void whatIsNoHeadersNameIsRefused(String name) {
        assertThatThrownBy(() -> Credential.header(name, "canary"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a header's name is made of letters, digits and signs such as - and _, like api-key: \""
                        + name + "\" is none");
    }

    @Test
    void aQueryParameterHasAName() {
        assertThatThrownBy(() -> Credential.query(" ", "canary"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the query parameter needs a name, for example api_key");
    }

    @Test
    void theAddressItselfIsWhole() {
        URI address = URI.create("wss://host/path?key=value");
        assertThat(OpenAi.realtime("m", "k").endpoint(address).endpoint()).isEqualTo(address);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void aModelThatIsEmptyIsRefusedAsAKeyIs(String model) {
        URI resource = URI.create("https://mine.openai.azure.com");
        for (ThrowingCallable made : List.<ThrowingCallable>of(
                () -> OpenAi.realtime(model, "k"),
                () -> OpenAi.realtime("m", "k").model(model),
                () -> Swaram.premium(model, "k"),
                () -> AzureOpenAi.deployment(resource, model, "k"))) {
            assertThatThrownBy(made)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the model is empty: pass the name of a model or deployment; if it comes from an environment"
                                    + " variable, set that");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://mine.openai.azure.com/openai/v1/realtime?model=canary, https://mine.openai.azure.com/openai/v1/realtime?…",
        "mine.openai.azure.com, mine.openai.azure.com",
    })
    void anAddressThatIsNoResourceOfAzuresIsShownAsItWasGiven(String address, String shown) {
        assertThatThrownBy(() -> AzureOpenAi.deployment(URI.create(address), "d", "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "an Azure OpenAI resource looks like https://<resource>.openai.azure.com, without a query, not "
                                + shown);
    }
}
