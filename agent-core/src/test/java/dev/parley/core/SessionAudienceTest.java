package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ServerEvent;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What parts and listeners are told, whatever the provider sends and whatever they do. */
@Timeout(60)
class SessionAudienceTest extends SessionStage {
    @Test
    void deliversFourThousandEventsInOrder() {
        try (VoiceSession session = agent().build().connect()) {
            for (int i = 0; i < 4_000; i++) {
                provider.send("{'type':'response.output_audio_transcript.delta','delta':'" + i + "'}");
            }
            List<String> expected =
                    IntStream.range(0, 4_000).mapToObj(String::valueOf).toList();
            await().untilAsserted(() -> assertThat(recorded.events.stream()
                            .filter(ServerEvent.OutputTranscript.class::isInstance)
                            .map(event -> ((ServerEvent.OutputTranscript) event).delta()))
                    .containsExactlyElementsOf(expected));
        }
    }

    /** The thread is the socket's reader, lent to the loop: interrupted, it dropped the next message, or the connection. */
    @Test
    void aPartThatLeavesItsThreadInterruptedCostsNobodyAMessage() {
        SessionPart careless = new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                Thread.currentThread().interrupt();
            }
        };
        try (VoiceSession session = agent().with(handle -> careless).build().connect()) {
            List<String> expected =
                    IntStream.range(0, 100).mapToObj(String::valueOf).toList();
            expected.forEach(delta ->
                    provider.send("{'type':'response.output_audio_transcript.delta','delta':'" + delta + "'}"));
            await().untilAsserted(() -> assertThat(recorded.events.stream()
                            .filter(ServerEvent.OutputTranscript.class::isInstance)
                            .map(event -> ((ServerEvent.OutputTranscript) event).delta()))
                    .containsExactlyElementsOf(expected));
            assertThat(session.counters().reconnects()).isZero();
        }
    }

    @Test
    void survivesWhateverTheProviderSends() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "not json",
                    "[]",
                    "{}",
                    "{'type':7}",
                    "{'type':'response.output_audio.delta'}",
                    "{'type':'response.output_audio.delta','delta':'*'}",
                    "{'type':'conversation.item.created','item':7}",
                    "{'type':'response.done'} trailing",
                    "{'type':'response.done','response':[1,{}],'output':{}}",
                    "{'type':'error'}",
                    "{'type':'error','error':{'code':'odd','message':'so'}}",
                    "{'type':'something.new','x':[1,2,{'y':null}]}");
            provider.socket().send(ByteString.of((byte) 1));
            await().until(() -> session.counters().malformedMessages() == 9 && recorded.problems.size() == 12);
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(session.counters().unrecognizedEvents()).isEqualTo(1);
            assertThat(recorded.events)
                    .contains(new ServerEvent.Unrecognized(
                            "something.new", "{\"type\":\"something.new\",\"x\":[1,2,{\"y\":null}]}"));
            assertThat(recorded.problems)
                    .extracting(Problem::message)
                    .containsExactly(
                            "swaram sent a message that was skipped: not valid JSON at character 0",
                            "swaram sent a message that was skipped: a message must be a JSON object",
                            "swaram sent a message that was skipped: a message must have a type",
                            "swaram sent a message that was skipped: a message must have a type",
                            "swaram sent a message that was skipped: response.output_audio.delta: delta is missing or not"
                                    + " text",
                            "swaram sent a message that was skipped: response.output_audio.delta: delta is not base64",
                            "swaram sent a message that was skipped: conversation.item.created: item is missing",
                            "swaram sent a message that was skipped: not valid JSON at character 25",
                            "swaram ended a reply that it had not begun",
                            "swaram reports an error without a code",
                            "swaram reports odd",
                            "swaram sent a message that was skipped: a binary message of 1 bytes: events are text");
        }
    }

    @Test
    void aPartThatThrowsIsReportedAndTheOthersGoOn() {
        SessionExtension broken = handle -> new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                throw new IllegalStateException("boom");
            }
        };
        try (VoiceSession session = provider.agent()
                .with(broken)
                .with(recorded)
                .listener(recorded)
                .build()
                .connect()) {
            provider.send("{'type':'response.created'}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems.get(0).kind()).isEqualTo(Problem.Kind.EXTENSION_FAILED);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aSlowListenerHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        SessionListener slow = new SessionListener() {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (VoiceSession session = agent().listener(slow).build().connect()) {
            for (int i = 0; i < 6_000; i++) {
                provider.send("{'type':'x'}");
            }
            await().until(() -> session.counters().unrecognizedEvents() == 6_000);
            assertThat(session.counters().eventsNotTold()).isBetween(1_800L, 2_000L);
            release.countDown();
        }
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void aPartCanBeFoundByItsType() {
        try (VoiceSession session = agent().build()
                .session()
                .conversationId("42")
                .attribute("customer", 7)
                .connect()) {
            assertThat(session.part(Recorded.class)).isSameAs(recorded);
            assertThat(session.conversationId()).isEqualTo("42");
            assertThat(session.attributes()).containsEntry("customer", 7);
            assertThat(session).hasToString("VoiceSession[42, READY]");
        }
    }

    @Test
    void whatAPartReportsWhileItOpensIsHeard() {
        SessionExtension warns = handle -> {
            handle.report(new Problem(Problem.Kind.TOOL_DEFINITION, "no live values"));
            return new SessionPart() {};
        };
        try (VoiceSession session =
                provider.agent().with(warns).listener(recorded).build().connect()) {
            await().until(() -> recorded.problems.size() == 1);
        }
    }
}
