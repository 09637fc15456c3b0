package dev.parley.testkit.internal;

import dev.parley.core.Clock;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Speech;

/** One spoken response of swaram's on its way out. */
final class SpokenReply implements PacedSpeech.Sink, LatestReply.Reply {
    private final PacedSpeech paced;
    private final String where;
    private final SwaramEvents events;
    private final FaultyWire out;
    private final Runnable onComplete;
    private final String responseId;
    private final String itemId;
    private boolean created;

    SpokenReply(
            Speech speech,
            String where,
            SwaramEvents events,
            double speed,
            Wire wire,
            Clock clock,
            Runnable onComplete) {
        this.paced = new PacedSpeech(speech, speed, wire, clock, this);
        this.where = where;
        this.events = events;
        this.out = new FaultyWire(wire, speech.faults());
        this.onComplete = onComplete;
        this.responseId = events.ids().newResponse();
        this.itemId = events.ids().newItem();
    }

    void start() {
        if (!has(Fault.CREATED_LATE)) {
            create();
        }
        paced.start();
    }

    private void create() {
        if (!created) {
            created = true;
            out.send(events.responseCreated(responseId));
        }
    }

    @Override
    public void piece(byte[] pcm16, String words) {
        if (pcm16.length > 0) {
            out.send(events.audioDelta(responseId, itemId, pcm16));
        }
        if (!words.isEmpty()) {
            out.send(events.transcriptDelta(responseId, itemId, words));
        }
        create();
    }

    @Override
    public void end() {
        end("completed");
        onComplete.run();
    }

    private void end(String status) {
        out.send(events.responseDone(responseId, status));
        if (has(Fault.LATE_AUDIO)) {
            out.send(events.audioDelta(responseId, itemId, paced.latePiece()));
        }
    }

    private boolean has(Fault fault) {
        return speech().faults().contains(fault);
    }

    /** Sends no more of it. */
    void stop() {
        paced.stop();
    }

    /** Stops it where it is, and says so. */
    void cancel() {
        stop();
        end("cancelled");
    }

    private Speech speech() {
        return paced.speech();
    }

    @Override
    public String where() {
        return where;
    }

    boolean begun() {
        return paced.begun();
    }

    @Override
    public boolean mustBeCut() {
        return speech().interrupted();
    }

    @Override
    public boolean audible() {
        return paced.audible();
    }
}
