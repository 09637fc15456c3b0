package dev.parley.testkit;

/** Servers that speak a thousand times faster than anybody listens. */
final class FastServer {
    private FastServer() {}

    static RehearsalServer openAi(Script script) {
        return RehearsalServer.openAi().script(script).speed(1_000).start();
    }

    /** OpenAI's, whose caller wants a booking: two calls, with words before and after them. */
    static RehearsalServer booking() {
        return openAi(Script.named("booking")
                .turn(Turn.hear("Book it.")
                        .says("One moment.")
                        .calls(
                                Call.to("check").with("doctor", "Nair").expectOk(),
                                Call.to("book")
                                        .with("note", "a long note of many words")
                                        .expectOk())
                        .says("Booked."))
                .build());
    }
}
