package dev.parley.tools;

/** The few rules that make tools reliable in a voice conversation, for the end of an agent's instructions. */
public final class ToolEtiquette {
    private ToolEtiquette() {}

    /** The rules, in English, which models follow whatever language they speak. Append them to your instructions. */
    public static String text() {
        return """
                When you use tools:
                - Call them silently. Do not announce a call, and do not fill the wait.
                - Say that something is done only after the tool's result has "ok": true.
                - If "ok" is false, read the error: correct the arguments, or ask the caller for what is missing. Never pretend.
                - Never invent an identifier, a date, a name or a number. Use what the caller said or a tool returned.
                - After a result, say what the caller needs from it in one short sentence.
                - If a result says that the outcome is unknown, check it before you try again.
                """;
    }
}
