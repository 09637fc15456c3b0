/**
 * Java methods as the tools of a voice agent: {@link dev.parley.tools.Toolbox} reads annotated methods once, tells them to
 * the model as JSON Schema, and answers each call exactly once.
 */
@NullMarked
package dev.parley.tools;

import org.jspecify.annotations.NullMarked;
