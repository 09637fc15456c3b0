package dev.parley.core.event;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a session that servers of the family share, and a way to say what only one has. What is not set is left as the
 * server has it; what is cleared is sent as null, which turns it off. Immutable.
 *
 * <pre>{@code
 * SessionSettings.builder()
 *     .transcription(Transcription.by("gpt-4o-transcribe").in("ml"))
 *     .turnDetection(TurnDetection.semanticVad().eagerness("low"))
 *     .extra("{\"truncation\":\"auto\"}")
 *     .build();
 * }</pre>
 */
public final class SessionSettings {
    private static final SessionSettings NONE = builder().build();

    /** What is cleared is empty. Values are strings, numbers, booleans, or the records of this package. */
    private final Map<Setting, Optional<Object>> values;

    private final @Nullable String extra;

    private SessionSettings(Map<Setting, Optional<Object>> values, @Nullable String extra) {
        this.values = Map.copyOf(values);
        this.extra = extra;
    }

    /** Everything as the server has it. */
    public static SessionSettings none() {
        return NONE;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What is set or cleared. */
    public Set<Setting> mentioned() {
        return values.keySet();
    }

    /** The value of a setting; empty if it is cleared, or not mentioned at all. */
    public Optional<Object> value(Setting setting) {
        return values.getOrDefault(setting, Optional.empty());
    }

    /** Whether nobody detects turns but the application, which says when one ends. */
    public boolean hasManualTurns() {
        return values.containsKey(Setting.TURN_DETECTION)
                && value(Setting.TURN_DETECTION).isEmpty();
    }

    /** How the server finds turns, if that was said. */
    public @Nullable TurnDetection turnDetection() {
        return (TurnDetection) value(Setting.TURN_DETECTION).orElse(null);
    }

    /** A JSON object whose members are laid over the session's, or null. */
    public @Nullable String extra() {
        return extra;
    }

    /** These settings, and where they are silent those. */
    public SessionSettings over(SessionSettings those) {
        Map<Setting, Optional<Object>> all = new EnumMap<>(Setting.class);
        all.putAll(those.values);
        all.putAll(values);
        return new SessionSettings(all, extra != null ? extra : those.extra);
    }

    /** These settings with another way to find turns. */
    public SessionSettings turnDetection(TurnDetection detection) {
        return builder().turnDetection(detection).build().over(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionSettings that && values.equals(that.values) && Objects.equals(extra, that.extra);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, extra);
    }

    /** Shows which settings there are, not their values. */
    @Override
    public String toString() {
        return "SessionSettings" + values.keySet() + (extra == null ? "" : " and extra");
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private static final double SLOWEST = 0.25;
        private static final double FASTEST = 1.5;

        private final Map<Setting, Optional<Object>> values = new EnumMap<>(Setting.class);
        private @Nullable String extra;

        private Builder() {}

        /** Writes down what the caller says. */
        public Builder transcription(Transcription transcription) {
            return set(Setting.TRANSCRIPTION, transcription);
        }

        /** Does not write it down: transcripts then have the agent's words alone. */
        public Builder noTranscription() {
            return clear(Setting.TRANSCRIPTION);
        }

        /** Lets the server find the turns, in this way. */
        public Builder turnDetection(TurnDetection detection) {
            return set(Setting.TURN_DETECTION, detection);
        }

        /** Nobody finds the turns: the application ends each with {@code commitAudio()}, as a push-to-talk button does. */
        public Builder manualTurns() {
            return clear(Setting.TURN_DETECTION);
        }

        /** Cleans up after a microphone: {@code near_field} (a headset) or {@code far_field} (a room). */
        public Builder noiseReduction(String type) {
            return set(Setting.NOISE_REDUCTION, type);
        }

        public Builder noNoiseReduction() {
            return clear(Setting.NOISE_REDUCTION);
        }

        /**
         * How fast the voice speaks; 1 is normal.
         *
         * @throws IllegalArgumentException outside 0.25 to 1.5
         */
        public Builder speed(double factor) {
            if (!(factor >= SLOWEST && factor <= FASTEST)) {
                throw new IllegalArgumentException("speed is from 0.25 to 1.5, not " + factor);
            }
            return set(Setting.SPEED, factor);
        }

        /**
         * The longest reply.
         *
         * @throws IllegalArgumentException below 1
         */
        public Builder maxOutputTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("a reply has at least one token, not " + tokens);
            }
            return set(Setting.MAX_OUTPUT_TOKENS, tokens);
        }

        /** Replies as long as the model likes. */
        public Builder unlimitedOutputTokens() {
            return set(Setting.MAX_OUTPUT_TOKENS, "inf");
        }

        /** {@code auto}, {@code none}, {@code required}. */
        public Builder toolChoice(String choice) {
            return set(Setting.TOOL_CHOICE, choice);
        }

        /** Whether the model may ask for several tools at once. */
        public Builder parallelToolCalls(boolean parallel) {
            return set(Setting.PARALLEL_TOOL_CALLS, parallel);
        }

        /** Replies in text, without a voice. */
        public Builder textOnly() {
            return set(Setting.OUTPUT_MODALITIES, "text");
        }

        /**
         * What only one server has: a JSON object that is laid over the session's, members of objects one by one. It wins over
         * all else, and Parley does not check it, but for two members. {@code tools} beside tools of the session's own are refused
         * when it is sent, since they would take their place. {@code turn_detection} is refused when the agent is built, unless it
         * adds to {@link #turnDetection} what only this server has: the session must know who ends turns, replies and interrupts.
         */
        public Builder extra(String sessionJson) {
            this.extra = Objects.requireNonNull(sessionJson);
            return this;
        }

        public SessionSettings build() {
            return new SessionSettings(values, extra);
        }

        private Builder set(Setting setting, Object value) {
            values.put(setting, Optional.of(value));
            return this;
        }

        private Builder clear(Setting setting) {
            values.put(setting, Optional.empty());
            return this;
        }
    }
}
