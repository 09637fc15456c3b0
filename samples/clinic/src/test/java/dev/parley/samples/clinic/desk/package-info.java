@NullMarked
package dev.parley.samples.clinic.desk;

import org.jspecify.annotations.NullMarked;
