/** What {@code dev.parley.core.provider} asks of the rest of core. */
@NullMarked
package dev.parley.core.provider.internal;

import org.jspecify.annotations.NullMarked;
