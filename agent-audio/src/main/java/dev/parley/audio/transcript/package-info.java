/**
 * What was really said in a conversation: turns in the order of the conversation, with what the caller heard of the
 * agent's replies; kept in memory or in a store, and shown as captions.
 *
 * <p>{@link dev.parley.audio.transcript.TranscriptMemory} is the extension,
 * {@link dev.parley.audio.transcript.Transcript} what it opens for each session.
 */
@NullMarked
package dev.parley.audio.transcript;

import org.jspecify.annotations.NullMarked;
