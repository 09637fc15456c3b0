package dev.parley.tools;

import dev.parley.core.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Asks the application, or servers, on the behalf of a thread that must not wait for ever: all questions at once, each on a
 * thread of its own, and {@link #LONGEST} for all of them. Thread-safe.
 */
final class Asking {
    /** How long the answers to one lot of questions are waited for. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** A question that hangs for good holds a thread; others then wait for their place, within the same time. */
    private static final int MOST_AT_ONCE = 64;

    private final Executor threads;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** @param threads never the caller's own */
    Asking(Executor threads) {
        this.threads = threads;
    }

    /** What became of a question. */
    sealed interface Answer<T> {

        /** It was answered. */
        record Came<T>(T value) implements Answer<T> {}

        /** It threw, or there was no thread to ask it on. */
        record Failed<T>(Throwable why) implements Answer<T> {}

        /** It took too long, and was interrupted. */
        record Late<T>() implements Answer<T> {}

        /** Who waits for it was interrupted, so that nobody knows. */
        record Unheard<T>() implements Answer<T> {}
    }

    /** One answer to each question, in their order. If the current thread is interrupted it stays so, and waits no longer. */
    <T> List<Answer<T>> inTime(List<Callable<T>> questions, Clock clock) {
        if (questions.isEmpty()) {
            return List.of();
        }
        List<Future<T>> asked = new ArrayList<>();
        questions.forEach(question -> asked.add(ask(question)));
        Clock.Timer limit = clock.schedule(LONGEST, () -> cancel(asked));
        List<Answer<T>> answers = new ArrayList<>();
        try {
            for (Future<T> each : asked) {
                answers.add(answer(each));
            }
        } catch (InterruptedException e) {
            cancel(asked);
            Thread.currentThread().interrupt(); // whoever asked sees to it
            while (answers.size() < asked.size()) {
                answers.add(new Answer.Unheard<>());
            }
        } finally {
            limit.cancel();
        }
        return answers;
    }

    private <T> Future<T> ask(Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(() -> inItsPlace(question));
        try {
            threads.execute(task);
            return task;
        } catch (RuntimeException | Error e) { // no more threads
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> T inItsPlace(Callable<T> question) throws Exception {
        places.acquire();
        try {
            return question.call();
        } finally {
            places.release();
        }
    }

    private static <T> Answer<T> answer(Future<T> asked) throws InterruptedException {
        try {
            return new Answer.Came<>(asked.get());
        } catch (CancellationException e) {
            return new Answer.Late<>();
        } catch (ExecutionException e) {
            return new Answer.Failed<>(e.getCause() == null ? e : e.getCause());
        }
    }

    private static void cancel(List<? extends Future<?>> asked) {
        asked.forEach(each -> each.cancel(true));
    }
}
