package dev.parley.core.provider;

import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts in which providers of the realtime family differ, as data. Immutable, thread-safe. Facts are added in minor
 * versions, each with a default that leaves older dialects as they were.
 */
public final class Dialect {

    /** How a session's settings are laid out, and what their parts are called. */
    public enum SessionShape {
        /** OpenAI's beta: voice and turn detection at the top, {@code modalities}, {@code input_audio_transcription}. */
        FLAT,
        /** OpenAI's GA: {@code type: realtime}, audio settings under {@code audio.input} and {@code audio.output}. */
        NESTED
    }

    private final Builder facts;

    private Dialect(Builder builder) {
        this.facts = builder.copy();
    }

    /**
     * A dialect with this name in messages and logs; 24 kHz, a flat session, obeys {@code response.create}, has nothing else
     * and does nothing by itself.
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The same facts, to change some. */
    public Builder toBuilder() {
        return facts.copy();
    }

    /** The provider's name in messages and logs. */
    public String name() {
        return facts.name;
    }

    /** The rate of PCM16 in both directions, in Hz. */
    public int sampleRate() {
        return facts.sampleRate;
    }

    /** How a session's settings are laid out. */
    public SessionShape sessionShape() {
        return facts.sessionShape;
    }

    /** Whether texts in items are of type {@code output_text} (GA) or {@code text} (beta) when the assistant said them. */
    public boolean namesContentAsGa() {
        return facts.namesContentAsGa;
    }

    /**
     * Whether the server speaks by itself once it has a tool's output; a {@code response.create} would then make it speak
     * twice.
     */
    public boolean continuesAfterToolOutput() {
        return facts.continuesAfterToolOutput;
    }

    /** Whether the server cancels its reply by itself when it hears the caller, unless a session's settings say otherwise. */
    public boolean cancelsWhenCallerSpeaks() {
        return facts.cancelsWhenCallerSpeaks;
    }

    /**
     * Whether {@code response.cancel} is obeyed. Where it is not, an interruption silences the players, and what the server still
     * says is dropped.
     */
    public boolean cancels() {
        return facts.cancels;
    }

    /** Whether {@code response.create} is obeyed. */
    public boolean acceptsResponseCreate() {
        return facts.acceptsResponseCreate;
    }

    /** Whether {@code response.create} may carry settings for that one reply. */
    public boolean takesResponseOptions() {
        return facts.takesResponseOptions;
    }

    /** Whether messages may be added as text, by the user and from an earlier conversation. */
    public boolean takesText() {
        return facts.takesText;
    }

    /** Whether {@code input_audio_buffer.commit} and {@code .clear} are obeyed. */
    public boolean takesCommit() {
        return facts.takesCommit;
    }

    /** Whether an item of the agent's voice can be cut to what was heard ({@code conversation.item.truncate}). */
    public boolean truncates() {
        return facts.truncates;
    }

    /** Whether the configuration is fixed once it is confirmed. */
    public boolean locksConfiguration() {
        return facts.locksConfiguration;
    }

    /** Whether {@code response.output_item.done} says that a tool call is complete: calls then wait for it. */
    public boolean completesItems() {
        return facts.completesItems;
    }

    /** Whether the server tells of each item that joins the conversation, tools' outputs included. */
    public boolean acknowledgesItems() {
        return facts.acknowledgesItems;
    }

    /** Whether an error names the client's event that it answers, by {@code event_id}. */
    public boolean namesFaultyEvents() {
        return facts.namesFaultyEvents;
    }

    /** Whether the handshake asks for OpenAI's beta interface ({@code OpenAI-Beta: realtime=v1}). */
    public boolean asksForBeta() {
        return facts.asksForBeta;
    }

    /** Whether who mints a short-lived token may say how long it lives ({@code expires_after}). */
    public boolean takesTokenLifetime() {
        return facts.takesTokenLifetime;
    }

    /** The settings that a session may have, beside instructions, voice and tools. */
    public Set<Setting> settings() {
        return facts.settings;
    }

    /** What a session's settings are where its agent says nothing. */
    public SessionSettings defaults() {
        return facts.defaults;
    }

    /** How long a session may last at most, or null where nobody says. */
    public @Nullable Duration longestSession() {
        return facts.longestSession;
    }

    /** What the provider's close codes mean. */
    public Map<Integer, CloseMeaning> closeCodes() {
        return facts.closeCodes;
    }

    /** What error codes mean that end a session, though the socket may close with a code that says nothing. */
    public Map<String, CloseMeaning> fatalErrors() {
        return facts.fatalErrors;
    }

    /** Error codes that tell of nothing but bad timing, such as a cancel that came when the reply was over. */
    public Set<String> harmlessErrors() {
        return facts.harmlessErrors;
    }

    /** Shows the name. */
    @Override
    public String toString() {
        return facts.name;
    }

    /** Collects a dialect's facts. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private int sampleRate = 24_000;
        private SessionShape sessionShape = SessionShape.FLAT;
        private boolean namesContentAsGa = true;
        private boolean continuesAfterToolOutput;
        private boolean cancelsWhenCallerSpeaks;
        private boolean cancels = true;
        private boolean acceptsResponseCreate = true;
        private boolean takesResponseOptions;
        private boolean takesText;
        private boolean takesCommit;
        private boolean truncates;
        private boolean locksConfiguration;
        private boolean completesItems;
        private boolean acknowledgesItems;
        private boolean namesFaultyEvents;
        private boolean asksForBeta;
        private boolean takesTokenLifetime;
        private Set<Setting> settings = Set.of();
        private SessionSettings defaults = SessionSettings.none();
        private @Nullable Duration longestSession;
        private Map<Integer, CloseMeaning> closeCodes = Map.of();
        private Map<String, CloseMeaning> fatalErrors = Map.of();
        private Set<String> harmlessErrors = Set.of();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name);
        }

        /** The same facts under another name. */
        public Builder named(String newName) {
            Builder copy = new Builder(newName);
            copy.sampleRate = sampleRate;
            copy.sessionShape = sessionShape;
            copy.namesContentAsGa = namesContentAsGa;
            copy.continuesAfterToolOutput = continuesAfterToolOutput;
            copy.cancelsWhenCallerSpeaks = cancelsWhenCallerSpeaks;
            copy.cancels = cancels;
            copy.acceptsResponseCreate = acceptsResponseCreate;
            copy.takesResponseOptions = takesResponseOptions;
            copy.takesText = takesText;
            copy.takesCommit = takesCommit;
            copy.truncates = truncates;
            copy.locksConfiguration = locksConfiguration;
            copy.completesItems = completesItems;
            copy.acknowledgesItems = acknowledgesItems;
            copy.namesFaultyEvents = namesFaultyEvents;
            copy.asksForBeta = asksForBeta;
            copy.takesTokenLifetime = takesTokenLifetime;
            copy.settings = settings;
            copy.defaults = defaults;
            copy.longestSession = longestSession;
            copy.closeCodes = closeCodes;
            copy.fatalErrors = fatalErrors;
            copy.harmlessErrors = harmlessErrors;
            return copy;
        }

        private Builder copy() {
            return named(name);
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

        /** As {@link Dialect#sessionShape()}. */
        public Builder sessionShape(SessionShape shape) {
            this.sessionShape = Objects.requireNonNull(shape);
            return this;
        }

        /** As {@link Dialect#namesContentAsGa()}. */
        public Builder namesContentAsGa(boolean ga) {
            this.namesContentAsGa = ga;
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

        /** As {@link Dialect#cancels()}. */
        public Builder cancels(boolean can) {
            this.cancels = can;
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

        /** As {@link Dialect#takesText()}. */
        public Builder takesText(boolean takes) {
            this.takesText = takes;
            return this;
        }

        /** As {@link Dialect#takesCommit()}. */
        public Builder takesCommit(boolean takes) {
            this.takesCommit = takes;
            return this;
        }

        /** As {@link Dialect#truncates()}. */
        public Builder truncates(boolean can) {
            this.truncates = can;
            return this;
        }

        /** As {@link Dialect#locksConfiguration()}. */
        public Builder locksConfiguration(boolean locks) {
            this.locksConfiguration = locks;
            return this;
        }

        /** As {@link Dialect#completesItems()}. */
        public Builder completesItems(boolean completes) {
            this.completesItems = completes;
            return this;
        }

        /** As {@link Dialect#acknowledgesItems()}. */
        public Builder acknowledgesItems(boolean acknowledges) {
            this.acknowledgesItems = acknowledges;
            return this;
        }

        /** As {@link Dialect#namesFaultyEvents()}. */
        public Builder namesFaultyEvents(boolean names) {
            this.namesFaultyEvents = names;
            return this;
        }

        /** As {@link Dialect#asksForBeta()}. */
        public Builder asksForBeta(boolean asks) {
            this.asksForBeta = asks;
            return this;
        }

        /** As {@link Dialect#takesTokenLifetime()}. */
        public Builder takesTokenLifetime(boolean takes) {
            this.takesTokenLifetime = takes;
            return this;
        }

        /** As {@link Dialect#settings()}. */
        public Builder settings(Set<Setting> known) {
            this.settings = Set.copyOf(known);
            return this;
        }

        /** As {@link Dialect#defaults()}. */
        public Builder defaults(SessionSettings unlessSaid) {
            this.defaults = Objects.requireNonNull(unlessSaid);
            return this;
        }

        /**
         * As {@link Dialect#longestSession()}.
         *
         * @throws IllegalArgumentException if it is not longer than nothing and at most 30 days
         */
        public Builder longestSession(@Nullable Duration limit) {
            if (limit != null && (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofDays(30)) > 0)) {
                throw new IllegalArgumentException("a session lasts some time, and 30 days at most, not " + limit);
            }
            this.longestSession = limit;
            return this;
        }

        /** As {@link Dialect#closeCodes()}. */
        public Builder closeCodes(Map<Integer, CloseMeaning> meanings) {
            this.closeCodes = Map.copyOf(meanings);
            return this;
        }

        /** As {@link Dialect#fatalErrors()}. */
        public Builder fatalErrors(Map<String, CloseMeaning> meanings) {
            this.fatalErrors = Map.copyOf(meanings);
            return this;
        }

        /** As {@link Dialect#harmlessErrors()}. */
        public Builder harmlessErrors(Set<String> codes) {
            this.harmlessErrors = Set.copyOf(codes);
            return this;
        }

        /**
         * The finished dialect.
         *
         * @throws IllegalArgumentException if the agent could never speak about a tool's output: such a server neither
         *     continues after one nor obeys {@code response.create}
         */
        public Dialect build() {
            if (!acceptsResponseCreate && !continuesAfterToolOutput) {
                throw new IllegalArgumentException(name
                        + " would stay silent after every tool: it ignores response.create, so say that it continues by"
                        + " itself, with continuesAfterToolOutput(true)");
            }
            return new Dialect(this);
        }
    }
}
