package dev.parley.core;

import static org.awaitility.Awaitility.await;

import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import org.junit.jupiter.api.AfterEach;

/** One provider on loopback, and what a part and a listener of its sessions are told. */
class SessionStage {
    final ProviderDouble provider = new ProviderDouble();
    final Recorded recorded = new Recorded();

    @AfterEach
    void closeProvider() {
        provider.close();
    }

    VoiceAgent.Builder agent() {
        return provider.agent().with(recorded).listener(recorded);
    }

    /** The caller's first words of a session, from their beginning to their end. */
    void theCallerSpeaks() {
        provider.send("{'type':'input_audio_buffer.speech_started'}", "{'type':'input_audio_buffer.speech_stopped'}");
        await().until(() -> recorded.part.contains("SpeechStopped"));
    }

    /** The same server, spoken to as OpenAI is: it has to be asked for replies, and cuts items. */
    Provider openAi() {
        return OpenAi.realtime("gpt-realtime", "sk-test")
                .endpoint(provider.provider().endpoint());
    }
}
