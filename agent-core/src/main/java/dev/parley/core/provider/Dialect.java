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

    private final DialectFacts facts;

    private Dialect(DialectFacts facts) {
        this.facts = facts;
    }

    /**
     * A dialect with this name in messages and logs; 24 kHz, a flat session, obeys {@code response.create}, has nothing else
     * and does nothing by itself.
     */
    public static Builder builder(String name) {
        return new Builder(new DialectFacts(Objects.requireNonNull(name)));
    }

    /** The same facts, to change some. */
    public Builder toBuilder() {
        return new Builder(facts.copy());
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
        private final DialectFacts facts;

        private Builder(DialectFacts facts) {
            this.facts = facts;
        }

        /** The same facts under another name. */
        public Builder named(String newName) {
            return new Builder(facts.named(Objects.requireNonNull(newName)));
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
            facts.sampleRate = hertz;
            return this;
        }

        /** As {@link Dialect#sessionShape()}. */
        public Builder sessionShape(SessionShape shape) {
            facts.sessionShape = Objects.requireNonNull(shape);
            return this;
        }

        /** As {@link Dialect#namesContentAsGa()}. */
        public Builder namesContentAsGa(boolean ga) {
            facts.namesContentAsGa = ga;
            return this;
        }

        /** As {@link Dialect#continuesAfterToolOutput()}. */
        public Builder continuesAfterToolOutput(boolean continues) {
            facts.continuesAfterToolOutput = continues;
            return this;
        }

        /** As {@link Dialect#cancelsWhenCallerSpeaks()}. */
        public Builder cancelsWhenCallerSpeaks(boolean cancels) {
            facts.cancelsWhenCallerSpeaks = cancels;
            return this;
        }

        /** As {@link Dialect#cancels()}. */
        public Builder cancels(boolean can) {
            facts.cancels = can;
            return this;
        }

        /** As {@link Dialect#acceptsResponseCreate()}. */
        public Builder acceptsResponseCreate(boolean accepts) {
            facts.acceptsResponseCreate = accepts;
            return this;
        }

        /** As {@link Dialect#takesResponseOptions()}. */
        public Builder takesResponseOptions(boolean takes) {
            facts.takesResponseOptions = takes;
            return this;
        }

        /** As {@link Dialect#takesText()}. */
        public Builder takesText(boolean takes) {
            facts.takesText = takes;
            return this;
        }

        /** As {@link Dialect#takesCommit()}. */
        public Builder takesCommit(boolean takes) {
            facts.takesCommit = takes;
            return this;
        }

        /** As {@link Dialect#truncates()}. */
        public Builder truncates(boolean can) {
            facts.truncates = can;
            return this;
        }

        /** As {@link Dialect#locksConfiguration()}. */
        public Builder locksConfiguration(boolean locks) {
            facts.locksConfiguration = locks;
            return this;
        }

        /** As {@link Dialect#completesItems()}. */
        public Builder completesItems(boolean completes) {
            facts.completesItems = completes;
            return this;
        }

        /** As {@link Dialect#acknowledgesItems()}. */
        public Builder acknowledgesItems(boolean acknowledges) {
            facts.acknowledgesItems = acknowledges;
            return this;
        }

        /** As {@link Dialect#namesFaultyEvents()}. */
        public Builder namesFaultyEvents(boolean names) {
            facts.namesFaultyEvents = names;
            return this;
        }

        /** As {@link Dialect#asksForBeta()}. */
        public Builder asksForBeta(boolean asks) {
            facts.asksForBeta = asks;
            return this;
        }

        /** As {@link Dialect#takesTokenLifetime()}. */
        public Builder takesTokenLifetime(boolean takes) {
            facts.takesTokenLifetime = takes;
            return this;
        }

        /** As {@link Dialect#settings()}. */
        public Builder settings(Set<Setting> known) {
            facts.settings = Set.copyOf(known);
            return this;
        }

        /** As {@link Dialect#defaults()}. */
        public Builder defaults(SessionSettings unlessSaid) {
            facts.defaults = Objects.requireNonNull(unlessSaid);
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
            facts.longestSession = limit;
            return this;
        }

        /** As {@link Dialect#closeCodes()}. */
        public Builder closeCodes(Map<Integer, CloseMeaning> meanings) {
            facts.closeCodes = Map.copyOf(meanings);
            return this;
        }

        /** As {@link Dialect#fatalErrors()}. */
        public Builder fatalErrors(Map<String, CloseMeaning> meanings) {
            facts.fatalErrors = Map.copyOf(meanings);
            return this;
        }

        /** As {@link Dialect#harmlessErrors()}. */
        public Builder harmlessErrors(Set<String> codes) {
            facts.harmlessErrors = Set.copyOf(codes);
            return this;
        }

        /**
         * The finished dialect.
         *
         * @throws IllegalArgumentException if the agent could never speak about a tool's output: such a server neither
         *     continues after one nor obeys {@code response.create}
         */
        public Dialect build() {
            if (!facts.acceptsResponseCreate && !facts.continuesAfterToolOutput) {
                throw new IllegalArgumentException(facts.name
                        + " would stay silent after every tool: it ignores response.create, so say that it continues by"
                        + " itself, with continuesAfterToolOutput(true)");
            }
            return new Dialect(facts.copy());
        }
    }
}
