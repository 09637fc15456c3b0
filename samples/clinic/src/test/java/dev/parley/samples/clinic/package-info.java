@NullMarked
package dev.parley.samples.clinic;

import org.jspecify.annotations.NullMarked;
