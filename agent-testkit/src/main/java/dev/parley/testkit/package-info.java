/**
 * Test a voice agent offline, without a key: the rehearsal server, its scripts, and a clock that a test owns.
 *
 * <p>{@link dev.parley.testkit.RehearsalServer} is a real WebSocket server on loopback that plays a
 * {@link dev.parley.testkit.Script}: what the caller says, what the model calls, what it answers. It notes every breach
 * of the protocol and everything that went otherwise than scripted.
 */
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;
