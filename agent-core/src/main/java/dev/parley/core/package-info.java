/**
 * Voice agents and their sessions: build a {@link dev.parley.core.VoiceAgent}, connect a
 * {@link dev.parley.core.VoiceSession}, plug capabilities in as {@link dev.parley.core.SessionExtension}s.
 */
@NullMarked
package dev.parley.core;

import org.jspecify.annotations.NullMarked;
