package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.testkit.ScriptException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills {@code ${date:…}} and {@code ${output:…}} in a call's arguments at the moment of the call. */
public final class Placeholders {
    private static final Pattern ANY = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern DAYS = Pattern.compile("date:([+-]\\d{1,4})");
    private static final Pattern WEEKDAY =
            Pattern.compile("date:(MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)(?:\\+(\\d{1,3})w)?");
    private static final Pattern OUTPUT = Pattern.compile("output:([A-Za-z0-9_-]{1,64})\\.([^{}\\s]+)");

    private final LocalDate today;
    private final Map<String, JsonNode> lastOutputs;
    private final Consumer<String> missing;

    Placeholders(LocalDate today, Map<String, JsonNode> lastOutputs, Consumer<String> missing) {
        this.today = today;
        this.lastOutputs = lastOutputs;
        this.missing = missing;
    }

    /** Checks the placeholders of arguments when a script is read. */
    public static void check(String arguments) {
        Matcher found = ANY.matcher(arguments);
        while (found.find()) {
            String inside = found.group(1);
            if (!DAYS.matcher(inside).matches()
                    && !WEEKDAY.matcher(inside).matches()
                    && !OUTPUT.matcher(inside).matches()) {
                throw new ScriptException("${" + inside
                        + "} is not known: write ${date:+1}, ${date:MONDAY}, ${date:MONDAY+1w} or ${output:TOOL.path}");
            }
        }
    }

    /** The tools whose outputs the arguments use. */
    public static Set<String> toolsIn(String arguments) {
        Set<String> tools = new TreeSet<>();
        Matcher found = ANY.matcher(arguments);
        while (found.find()) {
            Matcher output = OUTPUT.matcher(found.group(1));
            if (output.matches()) {
                tools.add(output.group(1));
            }
        }
        return tools;
    }

    /** The arguments as the model writes them now; text that is not JSON is filled as text. */
    String fill(String arguments) {
        if (!arguments.contains("${")) {
            return arguments;
        }
        JsonNode parsed = Json.read(arguments);
        return parsed == null ? fillText(arguments) : filled(parsed).toString();
    }

    private JsonNode filled(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(filled(member.getValue())));
            return object;
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(array.get(i)));
            }
            return array;
        }
        if (!node.isTextual()) {
            return node;
        }
        String text = node.textValue();
        Matcher whole = ANY.matcher(text);
        // a placeholder that is the whole string keeps its value's type: a number stays a number
        return whole.matches() ? value(whole.group(1)) : TextNode.valueOf(fillText(text));
    }

    private String fillText(String text) {
        return ANY.matcher(text)
                .replaceAll(
                        found -> Matcher.quoteReplacement(value(found.group(1)).asText()));
    }

    private JsonNode value(String inside) {
        Matcher days = DAYS.matcher(inside);
        if (days.matches()) {
            return TextNode.valueOf(
                    today.plusDays(Integer.parseInt(days.group(1))).toString());
        }
        Matcher weekday = WEEKDAY.matcher(inside);
        if (weekday.matches()) {
            int weeks = weekday.group(2) == null ? 0 : Integer.parseInt(weekday.group(2));
            return TextNode.valueOf(today.with(TemporalAdjusters.next(DayOfWeek.valueOf(weekday.group(1))))
                    .plusWeeks(weeks)
                    .toString());
        }
        JsonNode output = output(inside);
        if (output == null) {
            missing.accept("${" + inside + "} has no value");
            return TextNode.valueOf("");
        }
        return output;
    }

    private @Nullable JsonNode output(String inside) {
        Matcher output = OUTPUT.matcher(inside);
        if (!output.matches()) {
            return null;
        }
        JsonNode node = lastOutputs.get(output.group(1));
        if (node == null) {
            return null;
        }
        for (String part : Arrays.asList(output.group(2).split("\\.", -1))) {
            node = node.isArray() && part.matches("\\d{1,6}") ? node.path(Integer.parseInt(part)) : node.path(part);
        }
        return node.isMissingNode() || node.isNull() ? null : node;
    }
}
