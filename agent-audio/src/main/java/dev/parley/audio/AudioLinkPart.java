package dev.parley.audio;

import dev.parley.audio.internal.ReplyIds;
import dev.parley.core.CloseReason;
import dev.parley.core.Interruption;
import dev.parley.core.Problem;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import dev.parley.core.SessionState;
import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ServerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The sound of one session: the source's pump, the player, and the recorder. Loop-confined unless said. */
final class AudioLinkPart implements SessionPart, Playback {
    /** How long a source that does not heed its interrupt keeps from being closed under its reader. */
    private static final Duration SOURCE_PATIENCE = Duration.ofSeconds(2);

    private final SessionHandle handle;
    private final Instant startedAt;
    private final AudioSource source;
    private final SourcePump pump;
    private final Executor sourceExecutor;
    private final Player player;
    private final Floor floor;
    private final @Nullable CallerEar ear;
    private final boolean stopsReplies;
    private final ByteBuffer silence;
    private final ReplyIds ids = new ReplyIds();
    private final @Nullable CallRecorder recorder;
    private final CompletableFuture<Void> sourceEnded = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final CompletableFuture<Void> sourceClosed = new CompletableFuture<>();
    private final AtomicBoolean closingSource = new AtomicBoolean();
    private boolean overflowing;
    private boolean ended;

    AudioLinkPart(
            SessionHandle handle,
            AudioSource source,
            Duration silenceAfter,
            AudioSink sink,
            BargeIn bargeIn,
            Duration room,
            @Nullable Path recording) {
        this.handle = handle;
        this.startedAt = handle.clock().instant();
        long startNanos = handle.clock().nanoTime();
        this.source = source;
        this.sourceExecutor = handle.unawaitedExecutor("audio-source");
        PcmFormat format = new PcmFormat(handle.sampleRate());
        // first of all, since these may refuse: nothing is begun then that would have to be ended
        boolean actsOnServersWord = bargeIn instanceof ServerDrivenBargeIn server && server.interruptsItself();
        if (actsOnServersWord && handle.serverInterruptsRegardless()) {
            throw new UnsupportedByProviderException(
                    "this provider cancels a reply whenever it hears the caller, and cannot be asked not to, so no greeting"
                            + " is kept whole by serverDriven().notBefore(…): leave notBefore out, or keep the caller's voice from"
                            + " the provider while the agent speaks, with BargeIn.halfDuplex() or pushToTalk()");
        }
        SpeechDetector.Stream detector = null;
        Throwable unopened = null;
        if (bargeIn instanceof LocalBargeIn local) {
            try {
                detector = Objects.requireNonNull(local.detector().open(format), "the detector opened no stream");
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                // the server interrupts then, as it would if the detector failed in the middle of the call
                unopened = e;
            }
        }
        this.recorder = recording == null
                ? null
                : new CallRecorder(
                        recording,
                        format,
                        startNanos,
                        handle.serialExecutor("recording"),
                        error -> problem(Problem.Kind.AUDIO_DEVICE, Reason.of(error), error));
        this.player = new Player(handle, sink, room, recorder);
        this.floor = new Floor(handle, player, bargeIn);
        player.onPlaying(floor::onPlaying);
        this.ear = detector == null
                ? null
                : new CallerEar(
                        detector,
                        handle.serialExecutor("speech-detector"),
                        floor,
                        handle.loop(),
                        this::detectorFailed,
                        this::detectorUnclosed);
        this.stopsReplies = ear != null || actsOnServersWord;
        this.silence = ByteBuffer.allocate(Math.max(PcmFormat.BYTES_PER_SAMPLE, (int) format.bytes(SourcePump.FRAME)))
                .asReadOnlyBuffer();
        this.pump = new SourcePump(
                source, silenceAfter, handle.session(), handle.clock(), sourceExecutor, new PumpEvents());
        pump.start();
        if (unopened != null) {
            detectorFailed(unopened);
        }
    }

    /** By a detector beside the source, or because the server's word does not count during the greeting. */
    @Override
    public boolean interruptsItself() {
        return stopsReplies;
    }

    @Override
    public void onState(SessionState state) {
        if (state == SessionState.RECONNECTING) {
            ids.onConnectionLost();
            player.onConnectionLost();
            overflowing = false;
        }
        floor.onState(state);
        if (state == SessionState.READY) {
            pump.onReady();
        } else if (state == SessionState.CLOSED) {
            // before onClosed, so that every part still hears of the last position
            end();
        }
    }

    @Override
    public void onServerEvent(ServerEvent event) {
        ids.onServerEvent(event);
        floor.onServerEvent(event);
        if (event instanceof ServerEvent.OutputAudio audio) {
            play(audio);
        }
    }

    private void play(ServerEvent.OutputAudio audio) {
        ByteBuffer pcm = audio.audio();
        if (player.add(ids.item(audio.responseId(), audio.itemId()), pcm)) {
            overflowing = false;
        } else if (!overflowing) {
            overflowing = true;
            problem(
                    Problem.Kind.AUDIO_DROPPED,
                    "the agent sent more audio than the playback queue holds; what did not fit was dropped and"
                            + " counted: give AudioLink more room(…), or ask the agent for shorter replies",
                    null);
        }
    }

    @Override
    public boolean silence(Interruption.Cause cause) {
        boolean silenced = player.cut();
        floor.onSilenced(silenced);
        return silenced;
    }

    /** Its own words, every 20 ms: nothing is made of them. */
    @Override
    public void onPlayedUpToNanos(String itemId, long heardNanos) {}

    @Override
    public void onClosed(CloseReason reason) {
        end();
    }

    /** Idempotent. What the files still need is handed over here, so that they are whole when the session ends. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        player.close();
        floor.close();
        boolean reading = pump.stop();
        sourceEnded.complete(null);
        if (reading) {
            sourceExecutor.execute(this::closeSource);
            Executor spare = handle.unawaitedExecutor("audio-close");
            handle.clock().schedule(SOURCE_PATIENCE, () -> spare.execute(this::closeSource));
        } else {
            // nothing is in the source, and nothing will be: the session's end can wait for it
            handle.serialExecutor("audio-close").execute(this::closeSource);
        }
        CompletableFuture<Void> recorded =
                recorder == null ? CompletableFuture.completedFuture(null) : recorder.finish();
        var unused =
                CompletableFuture.allOf(recorded, player.closed(), sourceClosed).thenRun(() -> finished.complete(null));
    }

    /** Off the loop: never during a read, unless that has been waited for. */
    private void closeSource() {
        if (closingSource.getAndSet(true)) {
            return;
        }
        try {
            source.close();
        } catch (IOException | RuntimeException | Error e) {
            problem(Problem.Kind.AUDIO_DEVICE, "the audio source could not be closed: " + Reason.of(e), e);
        }
        if (ear != null) {
            ear.close();
        }
        sourceClosed.complete(null);
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public boolean playing() {
        return player.playing();
    }

    @Override
    public Duration queued() {
        return player.queued();
    }

    @Override
    public Duration heard() {
        return player.heard();
    }

    @Override
    public Duration heard(String itemId) {
        return player.heard(itemId);
    }

    @Override
    public CompletionStage<Void> drained() {
        return player.drained();
    }

    @Override
    public CompletionStage<Void> sourceEnded() {
        return sourceEnded.copy();
    }

    @Override
    public CompletionStage<Void> finished() {
        return finished.copy();
    }

    @Override
    public BargeIn.State state() {
        return floor.state();
    }

    @Override
    public boolean microphoneOpen() {
        return floor.microphoneOpen();
    }

    @Override
    public void press() {
        floor.press();
    }

    @Override
    public void release() {
        floor.release();
    }

    private void detectorFailed(Throwable error) {
        handle.loop().execute(floor::onDeaf);
        problem(
                Problem.Kind.EXTENSION_FAILED,
                "the speech detector failed; from now on only the server interrupts the agent: " + Reason.of(error),
                error);
    }

    private void detectorUnclosed(Throwable error) {
        problem(Problem.Kind.EXTENSION_FAILED, "the speech detector could not be closed: " + Reason.of(error), error);
    }

    @Override
    public Counters counters() {
        return new Counters(
                pump.sentBytes(),
                pump.madeUpBytes(),
                pump.refusedBytes(),
                pump.stalls(),
                player.overflowed(),
                player.unplayed());
    }

    private void problem(Problem.Kind kind, String message, @Nullable Throwable error) {
        handle.report(new Problem(kind, message, error));
    }

    /** What the pump tells, on its own executor. */
    private final class PumpEvents implements SourcePump.Events {
        /** At the end of the frame before: a frame passes if the microphone was open all through it. */
        private boolean wasOpen = true;

        @Override
        public ByteBuffer outgoing(ByteBuffer frame) {
            if (ear != null) {
                int position = frame.position();
                int limit = frame.limit();
                ear.hear(frame);
                frame.limit(limit).position(position);
            }
            boolean open = floor.microphoneOpen();
            boolean throughout = open && wasOpen;
            wasOpen = open;
            return throughout ? frame : silence.clear().limit(frame.remaining());
        }

        @Override
        public void sent(ByteBuffer pcm16, long nanos) {
            if (recorder != null) {
                recorder.caller(pcm16, nanos);
            }
        }

        @Override
        public void refused() {
            problem(
                    Problem.Kind.AUDIO_DROPPED,
                    "the caller's voice comes faster than the connection takes it; what did not fit was dropped and"
                            + " counted",
                    null);
        }

        @Override
        public void ended(@Nullable Throwable error) {
            if (error != null) {
                problem(
                        Problem.Kind.AUDIO_DEVICE,
                        "the audio source failed and the agent no longer hears the caller: " + Reason.of(error),
                        error);
            }
            sourceEnded.complete(null);
        }

        @Override
        public void broken(Throwable error) {
            problem(
                    Problem.Kind.AUDIO_DEVICE,
                    "the silence after the audio source could not be sent: " + Reason.of(error),
                    error);
        }
    }
}
