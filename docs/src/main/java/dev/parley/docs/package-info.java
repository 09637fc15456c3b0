/** Nothing but a place: what this module has is the pages' snippets, which are tests. Without it the compiler's plugin warns. */
@NullMarked
package dev.parley.docs;

import org.jspecify.annotations.NullMarked;
