@NullMarked
package dev.parley.samples.clinic.call;

import org.jspecify.annotations.NullMarked;
