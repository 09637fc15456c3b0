package dev.parley.reliability;

import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import dev.parley.testkit.RehearsalServer;
import java.net.URI;

/** Whose server fails, and so which of the page's tables is meant. */
enum Rehearsed {
    SWARAM("swaram"),
    OPENAI("OpenAI");

    private final String title;

    Rehearsed(String title) {
        this.title = title;
    }

    /** As the table's heading has it. */
    String title() {
        return title;
    }

    RehearsalServer.Builder server() {
        return this == SWARAM ? RehearsalServer.builder() : RehearsalServer.openAi();
    }

    /** One that reaches its server by way of this address. */
    Provider provider(URI endpoint) {
        Provider provider = this == SWARAM ? Swaram.simple("rehearsal") : OpenAi.realtime("gpt-realtime", "rehearsal");
        return provider.endpoint(endpoint);
    }
}
