package dev.parley.tools;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others' stages are asked, however they were made: no stage of theirs may make us throw. Stateless. */
final class Stages {
    private static final Logger log = LoggerFactory.getLogger(Stages.class);

    private Stages() {}

    /** As {@link CompletionStage#whenComplete}; a stage that is null, or that throws here, counts as one that failed. */
    static <T extends @Nullable Object> void whenComplete(
            @Nullable CompletionStage<? extends T> stage, BiConsumer<? super @Nullable T, @Nullable Throwable> then) {
        if (stage == null) {
            then.accept(null, new NullPointerException("null in the place of a stage"));
            return;
        }
        T value = valueOf(stage);
        if (value != null) {
            then.accept(value, null); // nothing need be hung on it
            return;
        }
        try {
            var unused = stage.whenComplete(then);
        } catch (RuntimeException | Error e) {
            then.accept(null, e);
        }
    }

    /** What a stage has already, as nearly every call's has; null where that is nothing, where it failed, and where it is not known. */
    static <T extends @Nullable Object> @Nullable T valueOf(@Nullable CompletionStage<? extends T> stage) {
        return stage != null
                        && stage.getClass() == CompletableFuture.class
                        && stage instanceof CompletableFuture<? extends T> plain
                        && plain.isDone()
                        && !plain.isCompletedExceptionally()
                ? plain.join()
                : null;
    }

    /** Cancels a stage, if it can be. The contract of stages lets them refuse to be futures. */
    static void cancel(@Nullable CompletionStage<?> stage) {
        if (stage == null) {
            return;
        }
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (RuntimeException | Error e) {
            log.debug("a stage that cannot be cancelled", e);
        }
    }
}
