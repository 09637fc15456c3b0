package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.TurnDetection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be seen of a session: measurements, counters, and what a slow listener costs. */
@Timeout(60)
class ObservingTest extends SessionStage {
    private final ManualClock clock = new ManualClock();
    private final List<String> measured = new CopyOnWriteArrayList<>();

    @Test
    void whatCallersNoticeIsMeasured() {
        recorded.playing = true;
        VoiceAgent agent = measuring()
                .reconnect(ReconnectPolicy.exponential().random(() -> 0.5))
                .build();
        provider.confirmsConfiguration = false;
        CompletableFuture<VoiceSession> connecting =
                agent.session().connectAsync().toCompletableFuture();
        provider.next();
        clock.advance(Duration.ofMillis(120));
        provider.send("{'type':'session.updated'}");
        try (VoiceSession session = connecting.join()) {
            provider.confirmsConfiguration = true;
            theCallerSpeaks();
            clock.advance(Duration.ofMillis(300));
            begin("r1");
            provider.sendAudio("r1", "i1", 4_800);
            provider.sendAudio("r1", "i1", 4_800);
            await().until(() -> measured.size() == 3);
            recorded.playing = true;
            recorded.onSilence = () -> clock.advance(Duration.ofMillis(4));
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> measured.size() == 4);
            provider.socket().close(1013, null);
            await().until(() -> session.state() == SessionState.RECONNECTING);
            clock.advance(Duration.ofMillis(500));
            await().until(() -> measured.size() == 5);
            // The first barge-in cut what a player had left over from before this call.
            assertThat(measured)
                    .containsExactly("CONNECT 120", "BARGE_IN 0", "FIRST_AUDIO 300", "BARGE_IN 4", "RECONNECT 500");
        }
    }

    @Test
    void theFirstAudioIsMeasuredFromTheCommitWhereTurnsEndByHandAndNotFromACough() {
        VoiceAgent agent = measuring()
                .provider(openAi())
                .settings(SessionSettings.builder().manualTurns().build())
                .build();
        try (VoiceSession session = agent.connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(9_600));
            session.commitAudio();
            provider.next();
            assertThat(provider.next()).contains("commit");
            assertThat(provider.next()).contains("response.create");
            clock.advance(Duration.ofMillis(300));
            reply("r1");
            await().until(() -> measured.contains("FIRST_AUDIO 300"));
            // A commit that nobody answers, and half a minute later a reply about something else.
            commit(session);
            clock.advance(Duration.ofSeconds(30));
            reply("r2");
            // A tool that takes its time is part of the answer.
            commit(session);
            clock.advance(Duration.ofSeconds(1));
            begin("r3");
            end("r3");
            clock.advance(Duration.ofSeconds(11));
            reply("r4");
            await().until(() -> measured.contains("FIRST_AUDIO 12000"));
            assertThat(measured).filteredOn(line -> line.startsWith("FIRST")).hasSize(2);
        }
    }

    /** A greeting that a cough does not cut goes on, and its next piece was measured as the answer to the cough. */
    @Test
    void aReplyThatGoesOnUnderTheCallersWordsIsNotTheFirstAudioAfterThem() {
        VoiceAgent agent = measuring()
                .provider(openAi())
                .settings(SessionSettings.builder()
                        .turnDetection(TurnDetection.serverVad().interruptsResponse(false))
                        .build())
                .build();
        try (VoiceSession session = agent.connect()) {
            begin("r1");
            provider.sendAudio("r1", "i1", 4_800);
            theCallerSpeaks();
            clock.advance(Duration.ofMillis(40));
            provider.sendAudio("r1", "i1", 4_800);
            end("r1");
            clock.advance(Duration.ofMillis(260));
            reply("r2");
            session.close();
        }
        assertThat(measured).filteredOn(line -> line.startsWith("FIRST")).containsExactly("FIRST_AUDIO 300");
    }

    /** What is measured is written down, in milliseconds. */
    private VoiceAgent.Builder measuring() {
        return provider.agent().with(recorded).clock(clock).listener(new SessionListener() {
            @Override
            public void onMeasured(VoiceSession session, Measurement measurement) {
                measured.add(measurement.what() + " " + measurement.took().toMillis());
            }
        });
    }

    /** Returns once the loop knows that it was sent: what it sends next is there. */
    private void commit(VoiceSession session) {
        session.send(new ClientEvent.CommitAudio());
        session.send(new ClientEvent.Raw("{\"type\":\"next\"}"));
        assertThat(provider.next()).contains("commit");
        assertThat(provider.next()).contains("next");
    }

    private void reply(String id) {
        begin(id);
        provider.sendAudio(id, "i" + id, 4_800);
        end(id);
    }

    private void begin(String id) {
        provider.send("{'type':'response.created','response':{'id':'" + id + "'}}");
    }

    /** Returns once the session knows of it. */
    private void end(String id) {
        long before = times("ResponseDone");
        provider.send("{'type':'response.done','response':{'id':'" + id + "','status':'completed'}}");
        await().until(() -> times("ResponseDone") == before + 1);
    }

    private long times(String event) {
        return recorded.part.stream().filter(event::equals).count();
    }

    @Test
    void whatWasMovedAndDroppedIsCounted() {
        try (VoiceSession session = provider.agent().with(recorded).build().connect()) {
            provider.next();
            session.appendAudio(ProviderDouble.pcm(960));
            provider.next();
            begin("r1");
            provider.sendAudio("r1", "i1", 4_800);
            provider.send(
                    "{'type':'response.done','response':{'id':'r1','status':'completed','usage':{'input_tokens':120,"
                            + "'output_tokens':45,'input_token_details':{'cached_tokens':100}}}}");
            provider.sendAudio("r1", "i1", 480);
            provider.send(
                    "{'type':'something.new'}",
                    "nonsense",
                    "{'type':'response.created','response':{'id':'r2'}}",
                    "{'type':'response.done','response':{'id':'r2','status':'completed','usage':{'input_tokens':1,"
                            + "'output_tokens':2}}}");
            await().until(() -> times("ResponseDone") == 2);
            assertThat(session.counters())
                    .isEqualTo(new SessionCounters(960, 0, 5_280, 0, 0, 480, 1, 1, 0, 121, 47, 0));
        }
    }

    @Test
    void aListenerThatFallsBehindHoldsALimitedNumberOfBytes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        VoiceAgent agent = provider.agent()
                .with(recorded)
                .listener(new SessionListener() {
                    @Override
                    public void onEvent(VoiceSession session, ServerEvent event) {
                        if (event instanceof ServerEvent.OutputAudio) {
                            told.incrementAndGet();
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                    }
                })
                .build();
        try (VoiceSession session = agent.connect()) {
            // Five at a time: the server's own socket holds 16 MiB and is closed over that.
            for (int sent = 5; sent <= 40; sent += 5) {
                int pieces = sent;
                for (int i = 0; i < 5; i++) {
                    provider.sendAudio("r1", "i1", 1024 * 1024);
                }
                await().until(() -> times("OutputAudio") == pieces);
            }
            // Sixteen MiB and their headers: fifteen pieces of one MiB.
            assertThat(session.counters().eventsNotTold()).isEqualTo(25);
            release.countDown();
            await().until(() -> told.get() == 15);
        }
    }
}
