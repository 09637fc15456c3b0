/** What agent-audio does with a real socket and the rehearsal server behind it. */
@NullMarked
package dev.parley.audio;

import org.jspecify.annotations.NullMarked;
