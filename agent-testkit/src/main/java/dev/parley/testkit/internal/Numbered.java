package dev.parley.testkit.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections by the order in which they came: all that are open, and of those that are over the latest. Confined to its owner's
 * monitor.
 */
final class Numbered<T> {
    private final int mostOver;
    private final long mostWeight;
    private final Consumer<T> onForgotten;
    private final TreeMap<Integer, T> kept = new TreeMap<>();
    private final Deque<Over<T>> over = new ArrayDeque<>();
    private long weight;
    private int count;

    private record Over<T>(int index, T item, long weight) {}

    /**
     * @param mostOver so many that are over are kept
     * @param mostWeight so much may they weigh together
     * @param onForgotten told of each that is not kept any more
     */
    Numbered(int mostOver, long mostWeight, Consumer<T> onForgotten) {
        this.mostOver = mostOver;
        this.mostWeight = mostWeight;
        this.onForgotten = onForgotten;
    }

    /** How many came so far: the index of the next one. */
    int count() {
        return count;
    }

    void add(T item) {
        kept.put(count++, item);
    }

    /** This one is over. Once for each. */
    void over(int index, long itsWeight) {
        T item = kept.get(index);
        if (item == null) {
            return;
        }
        over.add(new Over<>(index, item, itsWeight));
        weight += itsWeight;
        while (over.size() > mostOver || weight > mostWeight) {
            Over<T> oldest = over.remove();
            weight -= oldest.weight();
            kept.remove(oldest.index());
            onForgotten.accept(oldest.item());
        }
    }

    /** Null for one that has not come, or is kept no longer. */
    @Nullable
    T get(int index) {
        return kept.get(index);
    }

    /** Those that are kept, in order. */
    List<T> all() {
        return List.copyOf(kept.values());
    }
}
