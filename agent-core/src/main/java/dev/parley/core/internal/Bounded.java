package dev.parley.core.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map by ids that forgets its oldest entry when it is full. */
final class Bounded<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Bounded(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
    }
}
