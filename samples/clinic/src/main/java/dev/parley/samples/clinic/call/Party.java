package dev.parley.samples.clinic.call;

import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import java.util.concurrent.CompletionStage;

/**
 * Who calls the clinic.
 *
 * @param source what they say
 * @param sink where they hear the agent
 * @param isGreeted whether the agent is asked to speak first
 * @param over completes when they have nothing more to say, or the session is over
 */
record Party(AudioSource source, AudioSink sink, boolean isGreeted, CompletionStage<Void> over) {}
