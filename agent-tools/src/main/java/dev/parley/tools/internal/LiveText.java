package dev.parley.tools.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schema's text, built once, with holes that take the live values of the moment. Immutable. */
final class LiveText {
    private static final int MOST_VALUES = 500;
    private static final String SO = "; the schema lists no values";
    private static final Pattern MARKER = Pattern.compile(",\"" + Teller.LIVE + "(\\d+)\":0");

    /**
     * A place for live values.
     *
     * @param description what is told anyway; may be empty
     */
    record Hole(String description, LiveValues values, boolean takesNull) {}

    private final List<String> texts = new ArrayList<>();
    private final List<Hole> holes = new ArrayList<>();

    LiveText(String template, List<Hole> all) {
        Matcher marker = MARKER.matcher(template);
        int from = 0;
        while (marker.find()) {
            texts.add(template.substring(from, marker.start()));
            holes.add(all.get(Integer.parseInt(marker.group(1))));
            from = marker.end();
        }
        texts.add(template.substring(from));
    }

    /**
     * The schema as of now.
     *
     * @param faults told of each source that failed or has no values
     */
    String now(Consumer<LiveFault> faults) {
        return with(hole -> values(hole, faults));
    }

    /** Whether it has holes. */
    boolean isLive() {
        return !holes.isEmpty();
    }

    /** The schema with none of its live values. */
    String withoutValues() {
        return with(hole -> List.of());
    }

    private String with(Function<Hole, List<Object>> values) {
        if (holes.isEmpty()) {
            return texts.get(0);
        }
        StringBuilder schema = new StringBuilder(texts.get(0));
        for (int i = 0; i < holes.size(); i++) {
            fill(holes.get(i), values.apply(holes.get(i)), schema);
            schema.append(texts.get(i + 1));
        }
        return schema.toString();
    }

    private static List<Object> values(Hole hole, Consumer<LiveFault> faults) {
        try {
            List<Object> values = hole.values().now();
            if (values.isEmpty()) {
                faults.accept(new LiveFault(hole.values().name() + " has no values" + SO, null));
            }
            return values;
        } catch (LiveValues.SourceFailed e) {
            faults.accept(new LiveFault(e.getMessage() + SO, e.getCause()));
            return List.of();
        }
    }

    private static void fill(Hole hole, List<Object> now, StringBuilder schema) {
        List<Object> values = now;
        String description = hole.description();
        if (values.size() > MOST_VALUES) {
            description = Words.sentence(
                    description, "One of " + values.size() + " values, too many to list; others are refused");
            values = List.of();
        }
        if (!description.isEmpty()) {
            schema.append(",\"description\":").append(TextNode.valueOf(description));
        }
        if (!values.isEmpty()) {
            ArrayNode choices = JsonNodeFactory.instance.arrayNode();
            for (Object value : values) {
                if (value instanceof BigDecimal number) {
                    choices.add(number);
                } else {
                    choices.add(value.toString());
                }
            }
            if (hole.takesNull()) {
                choices.addNull();
            }
            schema.append(",\"enum\":").append(choices);
        }
    }
}
