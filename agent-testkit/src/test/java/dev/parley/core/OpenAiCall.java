package dev.parley.core;

import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionSettings;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalConnection;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import java.time.Duration;
import java.util.List;

/** One conversation of Parley's own client with the rehearsal server, as OpenAI's interface has it. */
final class OpenAiCall implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);
    static final String OK = "{\"ok\":true,\"result\":null}";

    final Desk desk;
    final RehearsalServer server;
    final VoiceSession session;

    private OpenAiCall(RehearsalServer server, Desk desk, SessionSettings settings) {
        this.desk = desk;
        this.server = server;
        this.session = agent(server, desk)
                .reconnect(ReconnectPolicy.never())
                .settings(settings)
                .build()
                .connect();
    }

    /** Where replies come a hundred times faster than they are spoken. */
    static OpenAiCall of(Script script) {
        return of(script, new Desk(), SessionSettings.none());
    }

    static OpenAiCall of(Script script, Desk desk) {
        return of(script, desk, SessionSettings.none());
    }

    static OpenAiCall of(Script script, Desk desk, SessionSettings settings) {
        return new OpenAiCall(RehearsalServer.openAi().script(script).speed(100).start(), desk, settings);
    }

    /** Where replies come at four times the pace of speech, so that there is time to interrupt them. */
    static OpenAiCall unhurried(Script script) {
        return new OpenAiCall(RehearsalServer.openAi().script(script).start(), new Desk(), SessionSettings.none());
    }

    static VoiceAgent.Builder agent(RehearsalServer server, Desk desk) {
        return VoiceAgent.builder()
                .provider(server.provider())
                .instructions("Be kind.")
                .voice("marin")
                .with(desk)
                .listener(desk);
    }

    RehearsalConnection connection() {
        return server.connection(0);
    }

    /** The caller speaks, and is silent for as long as it takes to be answered. */
    void say() {
        say(session);
    }

    static void say(VoiceSession session) {
        session.appendAudio(
                line().then(Recording.silence(Duration.ofMillis(600))).pcm16());
    }

    static Recording line() {
        return Recording.tone(Duration.ofMillis(600));
    }

    void awaitSaid(String text) {
        await().atMost(SOON).until(() -> desk.said().equals(text));
    }

    /** Waits until the client knows of so many replies that are over. */
    void awaitReplies(int count) {
        await().atMost(SOON).until(() -> events(ServerEvent.ResponseDone.class).size() >= count);
    }

    <T extends ServerEvent> List<T> events(Class<T> type) {
        return desk.events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void awaitFinished() {
        connection().awaitFinished(SOON);
    }

    List<String> received(String type) {
        return connection().received(type);
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }
}
