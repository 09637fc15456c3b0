package dev.parley.tools.internal;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call's reading: where in the arguments it stands, and what was found wrong. Confined to the call's thread. */
final class Reading {
    /** More would not help the model, and hostile input could ask for thousands. */
    private static final int MOST_VIOLATIONS = 20;

    /** Names and indexes, outermost first. */
    private Object[] path = new Object[4];

    private int depth;

    /** Empty for nearly every call, so it is made when there is something to hold, as are the others. */
    private List<Violation> violations = List.of();

    /** Beans that were read, with their paths, in the order of reading: they are validated in depth afterwards. */
    private List<ReadBean> beans = List.of();

    private Map<Object, String> keyNames = Map.of();

    private @Nullable Map<LiveValues, List<Object>> live;

    private final boolean asksLiveValues;

    /** A call's. */
    Reading() {
        this(true);
    }

    private Reading(boolean asksLiveValues) {
        this.asksLiveValues = asksLiveValues;
    }

    /** A default's, at registration: live values are for calls, and their source need not be there yet. */
    static Reading ofDefault() {
        return new Reading(false);
    }

    record ReadBean(String path, Object bean, Validated shape) {}

    void enter(String member) {
        push(member);
    }

    void enter(int index) {
        push(index);
    }

    void leave() {
        depth--;
    }

    private void push(Object step) {
        if (depth == path.length) {
            path = Arrays.copyOf(path, depth * 2);
        }
        path[depth++] = step;
    }

    /** Tells what is wrong with the value where the reading stands, and passes over the value. */
    @Nullable
    Object refuse(JsonParser json, String problem) throws IOException {
        problem(problem);
        if (json.currentToken().isStructStart()) {
            StrictJson.skip(json);
        }
        return null;
    }

    /** Tells what is wrong where the reading stands. */
    @Nullable
    Object problem(String problem) {
        problem(path(), problem);
        return null;
    }

    void problem(String argument, String problem) {
        if (violations.size() < MOST_VIOLATIONS) {
            Violation violation = new Violation(argument, problem);
            if (violations.isEmpty()) {
                violations = new ArrayList<>();
            }
            if (!violations.contains(violation)) {
                violations.add(violation);
            }
        }
    }

    void made(Object bean, Validated shape) {
        if (beans.isEmpty()) {
            beans = new ArrayList<>();
        }
        beans.add(new ReadBean(path(), bean, shape));
    }

    /** Says what JSON calls the key of a map, for a key that is no text. */
    void named(Object key, String name) {
        if (keyNames.isEmpty()) {
            keyNames = new HashMap<>();
        }
        keyNames.put(key, name);
    }

    String nameOf(Object key) {
        String name = keyNames.get(key);
        return name == null ? key.toString() : name;
    }

    /** Whether values are held against live ones. */
    boolean asksLiveValues() {
        return asksLiveValues;
    }

    /** The live values of a source, asked once for each call. */
    List<Object> valuesOf(LiveValues source) {
        if (live == null) {
            live = new HashMap<>();
        }
        return live.computeIfAbsent(source, LiveValues::now);
    }

    boolean clean() {
        return violations.isEmpty();
    }

    List<Violation> violations() {
        return violations;
    }

    List<ReadBean> beans() {
        return beans;
    }

    private String path() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            Object step = path[i];
            if (step instanceof Integer) {
                text.append('[').append(step).append(']');
            } else {
                if (!text.isEmpty()) {
                    text.append('.');
                }
                text.append(step);
            }
        }
        return text.toString();
    }
}
