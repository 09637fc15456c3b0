package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits to be sent, and what becomes of it. */
class OutboxTest {
    private static final int LIMIT = 1_000_000;

    private final Outbox outbox = new Outbox(new ManualClock(), Runnable::run, LIMIT, LIMIT);
    private final List<String> sent = new ArrayList<>();
    private long queued;
    private boolean refuses;
    private final Outbox.Wire wire = new Outbox.Wire() {
        @Override
        public boolean send(String message) {
            if (refuses) {
                return false;
            }
            sent.add(message.contains("append") ? "audio" : message);
            return true;
        }

        @Override
        public long queued() {
            return queued;
        }
    };

    private void connect() {
        outbox.open(wire, "configuration");
        outbox.flow(List.of());
    }

    @Test
    void takingBackWhatWasSaidLastLeavesTheTurnBeforeAndItsReplyRequest() {
        connect();
        queued = LIMIT;
        outbox.offerAudio(ByteBuffer.allocate(4));
        outbox.sendAfterAudio("commit", bytes -> sent.add("asked for a reply to " + bytes + " bytes"));
        outbox.offerAudio(ByteBuffer.allocate(6));
        outbox.sendTakingBack("clear", () -> {});
        queued = 0;
        outbox.sendControl("urgent");
        assertThat(sent)
                .containsExactly("configuration", "urgent", "audio", "commit", "asked for a reply to 4 bytes", "clear");
        assertThat(outbox.audioSent()).isEqualTo(4);
    }

    @Test
    void whatTheSocketNoLongerTookGoesToTheNextConnectionWithItsReplyRequest() {
        connect();
        refuses = true;
        outbox.offerAudio(ByteBuffer.allocate(4));
        outbox.sendAfterAudio("commit", bytes -> sent.add("asked for a reply to " + bytes + " bytes"));
        assertThat(outbox.audioUnsent()).isZero();
        outbox.detach();
        refuses = false;
        connect();
        assertThat(sent)
                .containsExactly("configuration", "configuration", "audio", "commit", "asked for a reply to 4 bytes");
        assertThat(outbox.audioSent()).isEqualTo(4);
        outbox.close();
        assertThat(outbox.audioUnsent()).isZero();
    }

    @Test
    void whatEndsATurnIsKeptWhereTheAudioBeforeItIsTooOld() {
        outbox.offerAudio(ByteBuffer.allocate(4));
        outbox.sendAfterAudio("commit", bytes -> sent.add("asked for a reply to " + bytes + " bytes"));
        outbox.offerAudio(ByteBuffer.allocate(6));
        outbox.offerAudio(ByteBuffer.allocate(LIMIT));
        assertThat(outbox.audioDroppedBeforeReady()).isEqualTo(10);
        connect();
        assertThat(sent).containsExactly("configuration", "commit", "asked for a reply to 0 bytes", "audio");
    }

    @Test
    void whatWasAboutALostConnectionIsForgottenAndWhatWaitsForAnyIsNot() {
        outbox.sendControl("about the first");
        outbox.sendOnceReady("mine");
        outbox.detach();
        outbox.detach();
        connect();
        assertThat(sent).containsExactly("configuration", "mine");
    }
}
