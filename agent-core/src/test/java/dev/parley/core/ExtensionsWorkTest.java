package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that an extension does on executors that the session gives out, off its loop and on it. */
@Timeout(30)
class ExtensionsWorkTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();
    private final List<SessionHandle> handles = new ArrayList<>();

    @AfterEach
    void close() {
        provider.close();
    }

    /** It used to be in the log alone: a recording that no disk took looked like one that was made. */
    @Test
    void whatItThrowsIsToldAndTheNextWorkRuns() {
        VoiceAgent agent =
                provider.agent().with(this::writes).listener(recorded).build();
        try (VoiceSession session = agent.connect()) {
            for (Executor executor : List.of(
                    handles.get(0).serialExecutor("recording"), handles.get(0).unawaitedExecutor("recording"))) {
                recorded.problems.clear();
                IllegalStateException full = new IllegalStateException("the disk is full");
                executor.execute(() -> {
                    throw full;
                });
                await().untilAsserted(() -> assertThat(recorded.problems)
                        .containsExactly(new Problem(
                                Problem.Kind.EXTENSION_FAILED,
                                "the work of recording threw IllegalStateException on an executor of its own; the session"
                                        + " goes on, and the log has more",
                                full)));
                List<String> done = new ArrayList<>();
                executor.execute(() -> done.add("next"));
                executor.execute(() -> recorded.problems.clear());
                await().until(recorded.problems::isEmpty);
                assertThat(done).containsExactly("next");
            }
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    /** It used to be told as a fault of Parley's own, which its users were asked to report. */
    @Test
    void soIsWhatItsTasksOnTheLoopThrow() {
        VoiceAgent agent =
                provider.agent().with(this::writes).listener(recorded).build();
        try (VoiceSession session = agent.connect()) {
            for (Throwable fault : List.of(new IllegalStateException("no such row"), new AssertionError("of a test"))) {
                List<String> done = new ArrayList<>();
                recorded.problems.clear();
                handles.get(0).loop().execute(() -> sneak(fault));
                handles.get(0).loop().execute(() -> done.add("next"));
                await().untilAsserted(() -> assertThat(recorded.problems)
                        .containsExactly(new Problem(
                                Problem.Kind.EXTENSION_FAILED,
                                "the work of an extension threw "
                                        + fault.getClass().getSimpleName()
                                        + " on the session's loop; the session goes on, and the log has more",
                                fault)));
                await().untilAsserted(() -> assertThat(done).containsExactly("next"));
            }
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable fault) throws E {
        throw (E) fault;
    }

    private SessionPart writes(SessionHandle handle) {
        handles.add(handle);
        return new SessionPart() {};
    }
}
