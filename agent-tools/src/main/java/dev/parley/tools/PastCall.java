package dev.parley.tools;

/**
 * A call of this session that has its result.
 *
 * @param call what was asked
 * @param result what the model got
 */
public record PastCall(ToolCall call, ToolResult result) {}
