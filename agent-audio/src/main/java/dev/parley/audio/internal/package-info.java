/** How agent-audio works inside. Nobody else's. */
@NullMarked
package dev.parley.audio.internal;

import org.jspecify.annotations.NullMarked;
