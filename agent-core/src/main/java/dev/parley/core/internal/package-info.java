/** How sessions work inside: the codec, the loop, the outbox, the response gate and the socket. Nobody else's. */
@NullMarked
package dev.parley.core.internal;

import org.jspecify.annotations.NullMarked;
