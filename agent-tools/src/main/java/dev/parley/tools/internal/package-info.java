/** The tool plan: the one source of schema and binder. Nobody else's business. */
@NullMarked
package dev.parley.tools.internal;

import org.jspecify.annotations.NullMarked;
