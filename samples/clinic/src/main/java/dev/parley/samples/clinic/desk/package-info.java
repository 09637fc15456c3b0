/** The clinic itself: its database, and what its receptionist can do. Nothing here knows of voices. */
@NullMarked
package dev.parley.samples.clinic.desk;

import org.jspecify.annotations.NullMarked;
