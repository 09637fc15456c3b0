/** One phone call: who speaks when, what is shown of it, and what of it is kept. */
@NullMarked
package dev.parley.samples.clinic.call;

import org.jspecify.annotations.NullMarked;
