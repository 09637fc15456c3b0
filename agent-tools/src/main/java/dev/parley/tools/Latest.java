package dev.parley.tools;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The latest of something, oldest first: at most so many, and of at most so many characters together, but the last one
 * whatever its length. Not thread-safe.
 */
final class Latest<T> {
    private final int most;
    private final int mostChars;
    private final Deque<Sized<T>> kept = new ArrayDeque<>();
    private int chars;

    private record Sized<T>(T what, int chars) {}

    Latest(int most, int mostChars) {
        this.most = most;
        this.mostChars = mostChars;
    }

    /** Adds one, and gives back those that there is no room for any more. */
    List<T> add(T what, int itsChars) {
        kept.addLast(new Sized<>(what, itsChars));
        chars += itsChars;
        List<T> gone = List.of();
        while (kept.size() > most || (chars > mostChars && kept.size() > 1)) {
            Sized<T> oldest = kept.removeFirst();
            chars -= oldest.chars();
            gone = gone.isEmpty() ? new ArrayList<>() : gone;
            gone.add(oldest.what());
        }
        return gone;
    }

    List<T> all() {
        return kept.stream().map(Sized::what).toList();
    }
}
