package dev.parley.samples.clinic.call;

import dev.parley.audio.AudioLink;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.Playback;
import dev.parley.audio.transcript.Captions;
import dev.parley.audio.transcript.Transcript;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.audio.transcript.TranscriptStore;
import dev.parley.core.Clock;
import dev.parley.core.CloseReason;
import dev.parley.core.SessionCounters;
import dev.parley.core.SessionException;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Provider;
import dev.parley.samples.clinic.desk.ClinicTools;
import dev.parley.tools.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call from connecting to hanging up, whoever is on the line.
 *
 * @param today in the clinic
 */
record PhoneCall(Provider provider, ClinicTools tools, LocalDate today, Clock clock, CallFiles files) {
    private static final Duration FILES = Duration.ofSeconds(10);

    /**
     * Makes the call, and writes its files.
     *
     * @param atMost the call is ended after so long
     * @throws SessionException if the provider does not take the call
     * @throws IOException if a file cannot be written
     */
    Result make(Party party, Duration atMost, List<? extends SessionListener> listeners)
            throws IOException, InterruptedException {
        Files.createDirectories(files.folder());
        Files.deleteIfExists(files.transcript());
        VoiceAgent agent = VoiceAgent.builder()
                .provider(provider)
                .instructions(Receptionist.instructions(today))
                .with(Toolbox.of(tools))
                .with(TranscriptMemory.to(TranscriptStore.file(files.transcript())))
                .clock(clock)
                .build();
        CallFacts facts = new CallFacts();
        var setup = agent.session()
                .listener(facts)
                .with(AudioLink.between(party.source(), party.sink()).record(files.recording()));
        listeners.forEach(setup::listener);
        VoiceSession session = setup.connect();
        boolean inTime;
        try (session) {
            if (party.isGreeted()) {
                session.requestResponse();
            }
            inTime = isDone(party.over(), atMost);
        }
        // The parts stay readable after the end; what they still write must be whole before anybody reads it.
        Transcript transcript = session.part(Transcript.class);
        Playback playback = session.part(Playback.class);
        if (!isDone(playback.finished(), FILES) || !isDone(transcript.saved(), FILES)) {
            throw new IOException("the recording and the transcript were not written in time");
        }
        Captions.webVtt().write(files.captions(), transcript);
        return new Result(
                transcript,
                facts,
                new PcmFormat(provider.dialect().sampleRate()),
                session.counters(),
                playback.counters(),
                Objects.requireNonNull(session.closeReason()),
                inTime);
    }

    private static boolean isDone(CompletionStage<Void> stage, Duration atMost) throws InterruptedException {
        try {
            stage.toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the call did not end as it should", e.getCause());
        }
    }

    /**
     * What came of it.
     *
     * @param format of both sides
     * @param inTime false if the call was ended because it took too long
     */
    record Result(
            Transcript transcript,
            CallFacts facts,
            PcmFormat format,
            SessionCounters counters,
            Playback.Counters playback,
            CloseReason reason,
            boolean inTime) {}
}
