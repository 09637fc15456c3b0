package dev.parley.core.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one reply should be like, other than the session's own settings: the body of {@code response.create} (OpenAI's
 * Realtime reference). Immutable. Only servers that take options accept it; swaram does not.
 */
public final class ResponseOptions {
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    private final @Nullable String instructions;
    private final boolean outOfBand;
    private final boolean textOnly;
    private final Map<String, String> metadata;

    private ResponseOptions(Builder builder) {
        this.instructions = builder.instructions;
        this.outOfBand = builder.outOfBand;
        this.textOnly = builder.textOnly;
        this.metadata = Map.copyOf(builder.metadata);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What to say or how, for this reply alone; null leaves the session's instructions. */
    public @Nullable String instructions() {
        return instructions;
    }

    /** Whether the reply stays outside of the conversation: later replies do not know of it. */
    public boolean outOfBand() {
        return outOfBand;
    }

    /** Whether the reply is text without a voice. */
    public boolean textOnly() {
        return textOnly;
    }

    /** Your own marks, which the server repeats in the reply's events. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Collects the options of one reply. Not thread-safe. */
    public static final class Builder {
        private @Nullable String instructions;
        private boolean outOfBand;
        private boolean textOnly;
        private final Map<String, String> metadata = new LinkedHashMap<>();

        private Builder() {}

        /** As {@link ResponseOptions#instructions()}. */
        public Builder instructions(String text) {
            this.instructions = Objects.requireNonNull(text);
            return this;
        }

        /** As {@link ResponseOptions#outOfBand()}. Such a reply may be spoken beside another. */
        public Builder outOfBand() {
            this.outOfBand = true;
            return this;
        }

        /** As {@link ResponseOptions#textOnly()}. */
        public Builder textOnly() {
            this.textOnly = true;
            return this;
        }

        /**
         * Adds a mark: at most 16, keys of at most 64 and values of at most 512 characters, as OpenAI has it.
         *
         * @throws IllegalArgumentException over these limits
         */
        public Builder metadata(String key, String value) {
            if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw new IllegalArgumentException("a reply's metadata has keys of at most " + LONGEST_KEY
                        + " and values of at most " + LONGEST_VALUE + " characters");
            }
            metadata.put(key, value);
            if (metadata.size() > MOST_METADATA) {
                throw new IllegalArgumentException("a reply has at most " + MOST_METADATA + " metadata entries");
            }
            return this;
        }

        public ResponseOptions build() {
            return new ResponseOptions(this);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResponseOptions that
                && Objects.equals(instructions, that.instructions)
                && outOfBand == that.outOfBand
                && textOnly == that.textOnly
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(instructions, outOfBand, textOnly, metadata);
    }

    /** Shows no words. */
    @Override
    public String toString() {
        return "ResponseOptions[" + (outOfBand ? "out of band" : "in the conversation")
                + (textOnly ? ", text only" : "") + ", metadata=" + metadata.keySet() + "]";
    }
}
