/** Benchmarks of what is internal to agent-core, in its package so that they can reach it. */
@NullMarked
package dev.parley.core.internal;

import org.jspecify.annotations.NullMarked;
