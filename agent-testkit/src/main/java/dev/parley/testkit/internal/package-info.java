/** How the rehearsal server works inside: sockets, the dialect's rules, turn detection, the script's run. Nobody else's. */
@NullMarked
package dev.parley.testkit.internal;

import org.jspecify.annotations.NullMarked;
