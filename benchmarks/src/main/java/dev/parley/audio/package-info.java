/** Benchmarks of agent-audio. */
@NullMarked
package dev.parley.audio;

import org.jspecify.annotations.NullMarked;
