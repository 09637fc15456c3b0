/** What a tool call costs. */
@NullMarked
package dev.parley.tools;

import org.jspecify.annotations.NullMarked;
