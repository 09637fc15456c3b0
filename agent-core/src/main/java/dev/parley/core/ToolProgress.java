package dev.parley.core;

/**
 * A word from a tool that is still at work.
 *
 * @param request the call
 * @param text what the tool says of itself, for example "still looking"
 */
public record ToolProgress(ToolRequest request, String text) {
    /** Shows no text: it may name what the caller asked for. */
    @Override
    public String toString() {
        return "ToolProgress[callId=" + request.callId() + ", name=" + request.name() + ", " + text.length()
                + " chars]";
    }
}
