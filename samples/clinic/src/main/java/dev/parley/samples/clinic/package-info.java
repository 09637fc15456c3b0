/** A clinic's voice receptionist, as a program: its command line. */
@NullMarked
package dev.parley.samples.clinic;

import org.jspecify.annotations.NullMarked;
