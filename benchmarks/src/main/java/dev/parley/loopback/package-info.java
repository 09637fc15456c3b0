/** What a whole client costs, over a socket on loopback. */
@NullMarked
package dev.parley.loopback;

import org.jspecify.annotations.NullMarked;
