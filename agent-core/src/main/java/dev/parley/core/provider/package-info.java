/**
 * The services that Parley connects to: where they are, how to authenticate, and the facts in which they differ.
 */
@NullMarked
package dev.parley.core.provider;

import org.jspecify.annotations.NullMarked;
