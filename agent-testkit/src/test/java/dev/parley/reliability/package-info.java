/** What becomes of a session when the network fails it, and when there are many. */
@NullMarked
package dev.parley.reliability;

import org.jspecify.annotations.NullMarked;
