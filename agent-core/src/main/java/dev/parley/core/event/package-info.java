/**
 * The messages of a realtime session as immutable records: {@link dev.parley.core.event.ServerEvent} comes in,
 * {@link dev.parley.core.event.ClientEvent} goes out.
 *
 * <p>Names follow the wire. Servers of the family spell some events in two ways (beta and GA); both arrive as the same
 * record. Everything the server may leave out is nullable here, because several servers do leave it out.
 */
@NullMarked
package dev.parley.core.event;

import org.jspecify.annotations.NullMarked;
