package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody gave one provider's address to another: they are told so at once, and nobody waits for a session that never comes. */
@Timeout(30)
class WrongProviderTest {
    @Test
    void aClientOfOpenAisIsToldThatTheServerIsNone() {
        try (RehearsalServer swaram = RehearsalServer.builder()
                .script(Script.named("nobody speaks").build())
                .start()) {
            assertThat(refusal(OpenAi.realtime("gpt-realtime", "key"), swaram.url()))
                    .isEqualTo(
                            "OpenAI at the address refused the configuration with the error session_shape. Check the agent's"
                                    + " voice, tools and settings, and that this server speaks the dialect of OpenAI: OpenAI's GA"
                                    + " events, with the session's audio settings under audio.input and audio.output");
        }
    }

    @Test
    void aClientOfSwaramsIsToldThatTheServerIsNone() {
        try (RehearsalServer openAi = RehearsalServer.openAi()
                .script(Script.named("nobody speaks").build())
                .start()) {
            assertThat(refusal(Swaram.simple("key"), openAi.url()))
                    .isEqualTo(
                            "swaram at the address refused the configuration with the error missing_required_parameter. Check"
                                    + " the agent's voice, tools and settings, and that this server speaks the dialect of swaram: a"
                                    + " flat session.update, with voice and tools beside the instructions");
        }
    }

    private static String refusal(Provider provider, URI address) {
        VoiceAgent agent =
                VoiceAgent.builder().provider(provider.endpoint(address)).build();
        long began = System.nanoTime();
        SessionException refused = catchThrowableOfType(SessionException.class, agent::connect);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        return refused.getMessage().replace(address.toString(), "the address");
    }
}
