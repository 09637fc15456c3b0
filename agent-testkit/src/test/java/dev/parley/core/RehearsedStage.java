package dev.parley.core;

import static org.awaitility.Awaitility.await;

import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.time.Duration;

/** Parley's own client at a rehearsal server that speaks a hundred times faster than anybody listens. */
class RehearsedStage {
    static final Duration SOON = Duration.ofSeconds(20);
    static final String OK = "{\"ok\":true,\"result\":null}";

    final Desk desk = new Desk();

    VoiceAgent agent(RehearsalServer server) {
        return VoiceAgent.builder()
                .reconnect(ReconnectPolicy.never())
                .provider(server.provider())
                .instructions("Be kind.")
                .voice("mal-female")
                .with(desk)
                .listener(desk)
                .build();
    }

    static RehearsalServer fast(Script script) {
        return RehearsalServer.builder().script(script).speed(100).start();
    }

    static void say(VoiceSession session, Recording line) {
        session.appendAudio(line.then(Recording.silence(Duration.ofMillis(600))).pcm16());
    }

    static void say(VoiceSession session) {
        say(session, Recording.tone(Duration.ofMillis(600)));
    }

    void awaitSaid(String text) {
        await().atMost(SOON).until(() -> desk.said().equals(text));
    }
}
