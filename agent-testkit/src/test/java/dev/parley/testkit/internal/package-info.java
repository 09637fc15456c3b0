@NullMarked
package dev.parley.testkit.internal;

import org.jspecify.annotations.NullMarked;
