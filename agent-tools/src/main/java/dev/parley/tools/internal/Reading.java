package dev.parley.tools.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One call's reading: where in the arguments it stands, and what was found wrong. Confined to the call's thread. */
final class Reading {
    /** More would not help the model, and hostile input could ask for thousands. */
    private static final int MOST_VIOLATIONS = 20;

    private final List<Object> path = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();

    /** Beans that were read, with their paths, in the order of reading: they are validated in depth afterwards. */
    private final List<ReadBean> beans = new ArrayList<>();

    private final Map<LiveValues, List<Object>> live = new HashMap<>();

    record ReadBean(String path, Object bean, BeanShape shape) {}

    void enter(String member) {
        path.add(member);
    }

    void enter(int index) {
        path.add(index);
    }

    void leave() {
        path.remove(path.size() - 1);
    }

    void problem(String problem) {
        problem(path(), problem);
    }

    void problem(String argument, String problem) {
        if (violations.size() < MOST_VIOLATIONS) {
            Violation violation = new Violation(argument, problem);
            if (!violations.contains(violation)) {
                violations.add(violation);
            }
        }
    }

    void made(Object bean, BeanShape shape) {
        beans.add(new ReadBean(path(), bean, shape));
    }

    /** The live values of a source, asked once for each call. */
    List<Object> valuesOf(LiveValues source) {
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
        for (Object step : path) {
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
