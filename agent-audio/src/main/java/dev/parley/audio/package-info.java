/**
 * The sound of a session: PCM16 in and out, re-framing, playback that knows what was heard, and the call's recording.
 *
 * <p>{@link dev.parley.audio.AudioLink} ties a source and a sink to a session. Samples are 16 bit, signed,
 * little-endian; the rate is part of the type ({@link dev.parley.audio.PcmFormat}).
 */
@NullMarked
package dev.parley.audio;

import org.jspecify.annotations.NullMarked;
