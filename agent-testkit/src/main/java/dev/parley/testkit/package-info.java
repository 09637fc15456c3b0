/** Test a voice agent offline, without a key: the rehearsal server, its scripts, and a clock that a test owns. */
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;
