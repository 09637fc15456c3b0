package dev.parley.audio;

import dev.parley.core.SessionExtension;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionPart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call's sound: sends a source's audio to the session at real-time pace, plays the agent's voice on a sink, falls
 * silent when the caller speaks, and knows what was heard.
 *
 * <pre>{@code
 * VoiceSession session = agent.session()
 *     .with(AudioLink.between(source, sink).record(Path.of("call.wav")))
 *     .connect();
 * Playback playback = session.part(Playback.class);
 * }</pre>
 *
 * <p>It serves one session, which closes the source and the sink. The methods that refine it return a new one. A source
 * or a sink that fails is told to the listener once, as {@code AUDIO_DEVICE}, and the session goes on without it.
 */
public final class AudioLink implements SessionExtension {
    private static final Duration ROOM = Duration.ofMinutes(1);
    /** Servers that detect turns by silence wait for half a second of it, unless told to wait longer. */
    private static final Duration SILENCE_AFTER = Duration.ofSeconds(2);

    private final AudioSource source;
    private final AudioSink sink;
    private final BargeIn bargeIn;
    private final Duration room;
    private final Duration silenceAfter;
    private final @Nullable Path recording;
    private final AtomicBoolean used;

    private AudioLink(
            AudioSource source,
            AudioSink sink,
            BargeIn bargeIn,
            Duration room,
            Duration silenceAfter,
            @Nullable Path recording,
            AtomicBoolean used) {
        this.source = source;
        this.sink = sink;
        this.bargeIn = bargeIn;
        this.room = room;
        this.silenceAfter = silenceAfter;
        this.recording = recording;
        this.used = used;
    }

    /** A link from a source, through a session, to a sink. What has another rate than the session is resampled. */
    public static AudioLink between(AudioSource source, AudioSink sink) {
        return new AudioLink(
                Objects.requireNonNull(source),
                Objects.requireNonNull(sink),
                BargeIn.serverDriven(),
                ROOM,
                SILENCE_AFTER,
                null,
                new AtomicBoolean());
    }

    /** When the agent falls silent because the caller speaks; {@link BargeIn#serverDriven()} unless said. */
    public AudioLink bargeIn(BargeIn policy) {
        return new AudioLink(
                source,
                sink,
                Objects.requireNonNull(policy, "bargeIn(…) takes a policy, such as BargeIn.serverDriven()"),
                room,
                silenceAfter,
                recording,
                used);
    }

    /**
     * How much of the agent's audio may wait to be heard; 60 s unless said. Models send faster than real time; what comes
     * while the queue is full is dropped, counted, and told to the listener.
     *
     * @param most above zero, a day at most
     */
    public AudioLink room(Duration most) {
        if (most.isNegative() || most.isZero()) {
            throw new IllegalArgumentException("the queue needs room for some audio, not " + most);
        }
        return new AudioLink(source, sink, bargeIn, LocalBargeIn.aDayAtMost(most), silenceAfter, recording, used);
    }

    /**
     * How long silence is sent once the source has ended or failed; 2 s unless said. A server that detects turns hears by
     * it that the caller has finished: a source that ends with the last word would otherwise get no answer. Semantic turn
     * detection may wait for up to 8 s.
     *
     * @param length zero for none, a day at most
     */
    public AudioLink silenceAfter(Duration length) {
        return new AudioLink(source, sink, bargeIn, room, LocalBargeIn.notNegative(length), recording, used);
    }

    /**
     * Records the call as a stereo WAV at the session's rate; a file that exists is replaced. Left is the caller, sample
     * for sample as sent. Right is the agent as heard: what the sink played, up to the exact sample of an interruption
     * and the few milliseconds of fade after it. Sample 0 is the moment when the session began to connect. The file is whole
     * once {@link Playback#finished()} completes, and can be played at any moment before.
     */
    public AudioLink record(Path wav) {
        return new AudioLink(source, sink, bargeIn, room, silenceAfter, Objects.requireNonNull(wav), used);
    }

    /** True: two sessions cannot share a source. */
    @Override
    public boolean perSession() {
        return true;
    }

    /**
     * @throws IllegalStateException if this link already served a session
     * @throws IllegalArgumentException if the rate of source or sink has no simple ratio to the session's, or a policy's
     *     detector does not know it
     * @throws dev.parley.core.UnsupportedByProviderException if the policy is {@link ServerDrivenBargeIn#notBefore} and
     *     the provider cannot be asked to let a reply go on
     */
    @Override
    public SessionPart open(SessionHandle session) {
        PcmFormat format = new PcmFormat(session.sampleRate());
        AudioSource sourceAtRate = ResamplingSource.of(new CheckedSource(source), format);
        AudioSink sinkAtRate = ResamplingSink.of(sink, format);
        if (!used.compareAndSet(false, true)) {
            throw new IllegalStateException("this AudioLink has served a session, which closed its source and sink:"
                    + " make a new one with AudioLink.between(source, sink)");
        }
        try {
            return new AudioLinkPart(session, sourceAtRate, silenceAfter, sinkAtRate, bargeIn, room, recording);
        } catch (RuntimeException | Error e) {
            // nothing was touched: whoever mends the reason may use this link
            used.set(false);
            throw e;
        }
    }

    @Override
    public String toString() {
        return "AudioLink[" + bargeIn + (recording == null ? "" : ", recorded") + "]";
    }
}
