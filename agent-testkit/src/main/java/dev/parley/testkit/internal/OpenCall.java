package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testkit.Expectation;
import org.jspecify.annotations.Nullable;

/**
 * A call that the scripted model made.
 *
 * @param where the turn, for messages
 */
record OpenCall(
        String where, String callId, String name, @Nullable Expectation expect) {

    /** How the output differs from what the script expects, or null. */
    @Nullable
    String mismatch(JsonNode output) {
        if (expect == null) {
            return null;
        }
        JsonNode ok = output.path("ok");
        JsonNode code = output.path("error").path("code");
        String expected =
                expect.ok() ? "ok" : "a refusal" + (expect.code() == null ? "" : " with code " + expect.code());
        String got =
                !ok.isBoolean() ? "no ok" : ok.booleanValue() ? "ok" : "a refusal with code " + code.asText("none");
        boolean codeFits = expect.code() == null || expect.code().equals(code.asText(""));
        if (!ok.isBoolean() || ok.booleanValue() != expect.ok() || !codeFits) {
            String why = output.path("error").path("message").asText("");
            return where + ": the output of " + name + " should be " + expected + ", and it is " + got
                    + (why.isEmpty() ? "" : ": " + why);
        }
        if (expect.argument() != null && !names(output, expect.argument())) {
            return where + ": the refusal of " + name + " should name the argument " + expect.argument()
                    + ", and it names "
                    + output.path("error").path("violations").findValuesAsText("argument");
        }
        return null;
    }

    private static boolean names(JsonNode output, String argument) {
        for (JsonNode violation : output.path("error").path("violations")) {
            if (violation.path("argument").asText("").equals(argument)) {
                return true;
            }
        }
        return false;
    }
}
