package dev.parley.core.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the server finds out when the caller speaks (OpenAI's Realtime reference, {@code turn_detection}). What is null is
 * left to the server. Immutable.
 */
public sealed interface TurnDetection {

    /** Whether the server replies by itself when a turn ends. */
    @Nullable
    Boolean createsResponse();

    /** Whether the server cancels its reply when a turn begins. */
    @Nullable
    Boolean interruptsResponse();

    /** The same, interrupting or not. */
    TurnDetection interruptsResponse(boolean interrupts);

    /** By loudness and silence, with the server's own numbers. */
    static ServerVad serverVad() {
        return new ServerVad(null, null, null, null, null, null);
    }

    /** By what the words mean, with the server's own eagerness. */
    static SemanticVad semanticVad() {
        return new SemanticVad(null, null, null);
    }

    /**
     * By loudness and silence.
     *
     * @param threshold how loud speech is, from 0 to 1
     * @param prefixPadding how much before the first loud sample belongs to the turn, in whole ms
     * @param silence how long a silence ends a turn, in whole ms
     * @param idleTimeout after how long a silence of both the server speaks by itself, in whole ms
     */
    record ServerVad(
            @Nullable Double threshold,
            @Nullable Duration prefixPadding,
            @Nullable Duration silence,
            @Nullable Duration idleTimeout,
            @Nullable Boolean createsResponse,
            @Nullable Boolean interruptsResponse)
            implements TurnDetection {
        public ServerVad {
            if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException("a threshold is from 0 to 1, not " + threshold);
            }
        }

        /** The same with another threshold. */
        public ServerVad threshold(double zeroToOne) {
            return new ServerVad(zeroToOne, prefixPadding, silence, idleTimeout, createsResponse, interruptsResponse);
        }

        /** The same with another length of what belongs to a turn before its first loud sample. */
        public ServerVad prefixPadding(Duration length) {
            return new ServerVad(threshold, length, silence, idleTimeout, createsResponse, interruptsResponse);
        }

        /** The same, with the server speaking by itself after so long a silence of both. */
        public ServerVad idleTimeout(Duration length) {
            return new ServerVad(threshold, prefixPadding, silence, length, createsResponse, interruptsResponse);
        }

        /** The same with another silence at the end of a turn. */
        public ServerVad silence(Duration length) {
            return new ServerVad(threshold, prefixPadding, length, idleTimeout, createsResponse, interruptsResponse);
        }

        /** The same, replying by itself or not. */
        public ServerVad createsResponse(boolean creates) {
            return new ServerVad(threshold, prefixPadding, silence, idleTimeout, creates, interruptsResponse);
        }

        @Override
        public ServerVad interruptsResponse(boolean interrupts) {
            return new ServerVad(threshold, prefixPadding, silence, idleTimeout, createsResponse, interrupts);
        }
    }

    /**
     * By what the words mean.
     *
     * @param eagerness {@code low}, {@code medium}, {@code high} or {@code auto}
     */
    record SemanticVad(
            @Nullable String eagerness,
            @Nullable Boolean createsResponse,
            @Nullable Boolean interruptsResponse) implements TurnDetection {
        /** The same with another eagerness. */
        public SemanticVad eagerness(String level) {
            return new SemanticVad(level, createsResponse, interruptsResponse);
        }

        @Override
        public SemanticVad interruptsResponse(boolean interrupts) {
            return new SemanticVad(eagerness, createsResponse, interrupts);
        }
    }
}
