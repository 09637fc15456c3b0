package dev.parley.core.provider;

import java.util.Map;
import java.util.Objects;

/**
 * The facts in which providers of the realtime family differ, as data. Immutable, thread-safe. Facts are added in minor
 * versions, each with a default that leaves older dialects as they were.
 */
public final class Dialect {
    private final String name;
    private final int sampleRate;
    private final boolean continuesAfterToolOutput;
    private final boolean cancelsWhenCallerSpeaks;
    private final boolean acceptsResponseCreate;
    private final boolean takesResponseOptions;
    private final Map<Integer, CloseMeaning> closeCodes;

    private Dialect(Builder builder) {
        this.name = builder.name;
        this.sampleRate = builder.sampleRate;
        this.continuesAfterToolOutput = builder.continuesAfterToolOutput;
        this.cancelsWhenCallerSpeaks = builder.cancelsWhenCallerSpeaks;
        this.acceptsResponseCreate = builder.acceptsResponseCreate;
        this.takesResponseOptions = builder.takesResponseOptions;
        this.closeCodes = Map.copyOf(builder.closeCodes);
    }

    /** A dialect with this name in messages and logs; 24 kHz, obeys {@code response.create}, nothing by itself. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The provider's name in messages and logs. */
    public String name() {
        return name;
    }

    /** The rate of PCM16 in both directions, in Hz. */
    public int sampleRate() {
        return sampleRate;
    }

    /**
     * Whether the server speaks by itself once it has a tool's output; a {@code response.create} would then make it speak
     * twice.
     */
    public boolean continuesAfterToolOutput() {
        return continuesAfterToolOutput;
    }

    /** Whether the server cancels its reply by itself when it hears the caller. */
    public boolean cancelsWhenCallerSpeaks() {
        return cancelsWhenCallerSpeaks;
    }

    /** Whether {@code response.create} is obeyed. */
    public boolean acceptsResponseCreate() {
        return acceptsResponseCreate;
    }

    /** Whether {@code response.create} may carry settings for that one reply. */
    public boolean takesResponseOptions() {
        return takesResponseOptions;
    }

    /** What the provider's close codes mean. */
    public Map<Integer, CloseMeaning> closeCodes() {
        return closeCodes;
    }

    /** Collects a dialect's facts. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private int sampleRate = 24_000;
        private boolean continuesAfterToolOutput;
        private boolean cancelsWhenCallerSpeaks;
        private boolean acceptsResponseCreate = true;
        private boolean takesResponseOptions;
        private Map<Integer, CloseMeaning> closeCodes = Map.of();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name);
        }

        /**
         * As {@link Dialect#sampleRate()}.
         *
         * @throws IllegalArgumentException if it is not above zero
         */
        public Builder sampleRate(int hertz) {
            if (hertz <= 0) {
                throw new IllegalArgumentException("a sample rate is above zero, not " + hertz + " Hz");
            }
            this.sampleRate = hertz;
            return this;
        }

        /** As {@link Dialect#continuesAfterToolOutput()}. */
        public Builder continuesAfterToolOutput(boolean continues) {
            this.continuesAfterToolOutput = continues;
            return this;
        }

        /** As {@link Dialect#cancelsWhenCallerSpeaks()}. */
        public Builder cancelsWhenCallerSpeaks(boolean cancels) {
            this.cancelsWhenCallerSpeaks = cancels;
            return this;
        }

        /** As {@link Dialect#acceptsResponseCreate()}. */
        public Builder acceptsResponseCreate(boolean accepts) {
            this.acceptsResponseCreate = accepts;
            return this;
        }

        /** As {@link Dialect#takesResponseOptions()}. */
        public Builder takesResponseOptions(boolean takes) {
            this.takesResponseOptions = takes;
            return this;
        }

        /** As {@link Dialect#closeCodes()}. */
        public Builder closeCodes(Map<Integer, CloseMeaning> meanings) {
            this.closeCodes = Map.copyOf(meanings);
            return this;
        }

        /** The finished dialect. */
        public Dialect build() {
            return new Dialect(this);
        }
    }

    /** Shows the name. */
    @Override
    public String toString() {
        return name;
    }
}
