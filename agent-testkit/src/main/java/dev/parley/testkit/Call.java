package dev.parley.testkit;

import dev.parley.testkit.internal.Json;
import dev.parley.testkit.internal.Placeholders;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that the scripted model makes. Immutable.
 *
 * <p>Strings inside the arguments may hold {@code ${date:+1}} (tomorrow), {@code ${date:MONDAY}} (the next Monday after
 * today), {@code ${date:MONDAY+1w}} (a week later) and {@code ${output:TOOL.path}} (a value of that tool's last output,
 * for example {@code ${output:book.result.bookingId}}). Dates are ISO, by the server's clock and zone.
 *
 * @param name the tool
 * @param argumentsJson the arguments as the model writes them; broken JSON is allowed, since models do that too
 * @param expect what the output must say, or null where any will do
 */
public record Call(
        String name, String argumentsJson, @Nullable Expectation expect) {
    public Call {
        if (name.isBlank()) {
            throw new ScriptException("a call needs the name of a tool");
        }
        Placeholders.check(argumentsJson);
    }

    /** A call without arguments. */
    public static Call to(String name) {
        return new Call(name, "{}", null);
    }

    /**
     * With one more argument.
     *
     * @param value null, a string, number, boolean, or a list or map of such
     */
    public Call with(String argument, @Nullable Object value) {
        return new Call(name, Json.withMember(argumentsJson, argument, value), expect);
    }

    /** With these arguments in place of all others. */
    public Call withAll(Map<String, ?> arguments) {
        return new Call(name, Json.text(arguments), expect);
    }

    /** With arguments exactly as written here: for what a model gets wrong. */
    public Call withRaw(String argumentsText) {
        return new Call(name, argumentsText, expect);
    }

    /** The output must be ok. */
    public Call expectOk() {
        return new Call(name, argumentsJson, new Expectation(true, null, null));
    }

    /** The output must be a refusal with this code. */
    public Call expectError(String code) {
        return new Call(name, argumentsJson, new Expectation(false, Objects.requireNonNull(code), null));
    }

    /** The output must be a refusal with code {@code invalid_arguments} that names this argument. */
    public Call expectInvalid(String argument) {
        return new Call(name, argumentsJson, new Expectation(false, "invalid_arguments", argument));
    }
}
