package dev.parley.testkit;

/** Servers that speak a thousand times faster than anybody listens. */
final class FastServer {
    private FastServer() {}

    static RehearsalServer openAi(Script script) {
        return RehearsalServer.openAi().script(script).speed(1_000).start();
    }
}
