package dev.parley.core;

import java.time.Duration;

/**
 * A connection is being replaced.
 *
 * @param cause why the last one ended, as it would have ended the session
 * @param attempt which attempt this is, from 1; 0 when the session moves to a fresh connection before its time is up
 * @param delay until the attempt begins, at least; open tool calls get up to 2 s to end first
 */
public record Reconnecting(CloseReason cause, int attempt, Duration delay) {}
