package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.ClientEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caller's voice, on its way to the provider. */
@Timeout(60)
class CallerAudioTest extends SessionStage {
    @Test
    void keepsAudioUntilReadyAndSendsItAfterTheConfiguration() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        assertThat(provider.nextJson().at("/type").asText()).isEqualTo("session.update");
        VoiceSession session = recorded.handle.session();
        assertThat(session.appendAudio(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})))
                .isTrue();
        session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
        await().until(() -> recorded.part.contains("> Raw"));
        assertThat(provider.unread()).isZero();
        provider.send("{'type':'session.updated'}");
        connecting.get();
        // What the application said goes out too, but not ahead of the confirmed configuration.
        assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.append\",\"audio\":\"AQIDBA==\"}");
        session.close();
    }

    @Test
    void keepsTheLastFiveSecondsBeforeReadyAndCountsWhatFallsOut() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        VoiceSession session = recorded.handle.session();
        for (int second = 0; second < 7; second++) {
            byte[] pcm = new byte[48_000];
            pcm[0] = (byte) second;
            assertThat(session.appendAudio(ByteBuffer.wrap(pcm))).isTrue();
        }
        assertThat(session.counters().audioDroppedBeforeReady()).isEqualTo(2 * 48_000);
        provider.send("{'type':'session.updated'}");
        connecting.get();
        for (int second = 2; second < 7; second++) {
            byte[] pcm =
                    Base64.getDecoder().decode(provider.nextJson().at("/audio").asText());
            assertThat(pcm[0]).isEqualTo((byte) second);
        }
        session.close();
    }

    @Test
    void controlOvertakesAudioAndAudioIsBounded() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            int accepted = 0;
            while (session.appendAudio(ByteBuffer.wrap(new byte[48_000]))) {
                accepted++;
            }
            session.send(new ClientEvent.CancelResponse(null));
            int before = 0;
            while (!provider.next().equals("{\"type\":\"response.cancel\"}")) {
                before++;
            }
            assertThat(accepted).isGreaterThanOrEqualTo(16);
            assertThat(before).isLessThan(accepted);
            assertThat(session.counters().audioRefused()).isEqualTo(48_000);
        }
    }

    @Test
    void audioGoesOutByteForByteInWholeSamples() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            byte[] pcm = "any bytes, an odd number".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer slice = ByteBuffer.wrap(pcm, 3, 7);
            assertThat(session.appendAudio(slice)).isTrue();
            assertThat(slice.position()).isEqualTo(3);
            assertThat(session.appendAudio(ByteBuffer.wrap(pcm, 10, 4))).isTrue();
            assertThat(audio(provider.nextJson())).isEqualTo(" bytes");
            // The byte that was odd comes with the next piece, whose last one is odd now.
            assertThat(audio(provider.nextJson())).isEqualTo(", an");
        }
    }

    /** The halves of samples that a refused piece broke were once counted nowhere. */
    @Test
    void eachByteOfARefusedPieceIsCountedAndTheNextSampleIsWhole() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        VoiceSession session = recorded.handle.session();
        assertThat(session.appendAudio(ByteBuffer.wrap(new byte[] {1}))).isTrue();
        assertThat(session.appendAudio(ByteBuffer.allocate(240_002))).isFalse();
        assertThat(session.appendAudio(ByteBuffer.wrap(new byte[] {9, 'o', 'k'})))
                .isTrue();
        provider.send("{'type':'session.updated'}");
        connecting.get();
        assertThat(audio(provider.nextJson())).isEqualTo("ok");
        assertThat(session.counters().audioRefused()).isEqualTo(240_004);
        assertThat(session.counters().audioSent()).isEqualTo(2);
        session.close();
    }

    @Test
    void halfASampleAtTheVeryEndIsCounted() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            assertThat(session.appendAudio(ByteBuffer.wrap("odd".getBytes(StandardCharsets.US_ASCII))))
                    .isTrue();
            assertThat(audio(provider.nextJson())).isEqualTo("od");
            session.close();
            await().until(() -> session.counters().audioUnsent() == 1);
            assertThat(session.counters().audioSent()).isEqualTo(2);
            assertThat(session.counters().audioRefused()).isZero();
        }
    }

    private static String audio(JsonNode append) {
        return new String(Base64.getDecoder().decode(append.at("/audio").asText()), StandardCharsets.US_ASCII);
    }

    /** A source of odd pieces, some of which were dropped before the session was ready, once became noise for good. */
    @Test
    void whatIsDroppedNeverShiftsWhatFollowsByAByte() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        VoiceSession session = recorded.handle.session();
        byte[] all = new byte[251_748];
        for (int i = 1; i < all.length; i += 2) {
            all[i] = 1;
        }
        for (int at = 0; at + 999 <= all.length; at += 999) {
            assertThat(session.appendAudio(ByteBuffer.wrap(all, at, 999))).isTrue();
        }
        assertThat(session.counters().audioDroppedBeforeReady()).isPositive();
        provider.send("{'type':'session.updated'}");
        connecting.get();
        for (int frame = 0; frame < 240; frame++) {
            byte[] pcm =
                    Base64.getDecoder().decode(provider.nextJson().at("/audio").asText());
            assertThat(pcm[0]).isZero();
            assertThat(pcm[pcm.length - 1]).isEqualTo((byte) 1);
        }
        session.close();
    }
}
