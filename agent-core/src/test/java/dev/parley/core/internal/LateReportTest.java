package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.CloseReason;
import dev.parley.core.ManualClock;
import dev.parley.core.Problem;
import dev.parley.core.ReconnectPolicy;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What is told past the loop, which does not put it before or behind the session's end. */
class LateReportTest implements SessionListener {
    private final Provider provider = OpenAi.realtime("gpt-realtime", "sk-test");
    private final List<String> told = new ArrayList<>();
    /** The listeners' thread, which has its turn when a test says so. */
    private final Queue<Runnable> listening = new ArrayDeque<>();

    private final Shared shared = Shared.of(
            provider,
            null,
            new ManualClock(),
            Runnable::run,
            new ListenerLane(List.of(this), listening::add),
            new EventCodec());
    private final VoiceSession session = (VoiceSession) Proxy.newProxyInstance(
            VoiceSession.class.getClassLoader(), new Class<?>[] {VoiceSession.class}, (self, method, args) -> null);

    @Test
    void nothingIsToldAfterTheEndAndNothingBeforeItIsLost() {
        SessionLoop loop = new SessionLoop(
                shared, ReconnectPolicy.never(), new Dialer(provider, new OkHttpClient(), Runnable::run));
        loop.attach(session);
        shared.life().ready(session);
        report("early");
        loop.end(Endings.ofHangUp());
        report("while the listener is busy");
        listen();
        report("late");
        listen();
        assertThat(told).containsExactly("early", "closed");
    }

    private void report(String message) {
        shared.audience().reportPastLoop(new Problem(Problem.Kind.AUDIO_DEVICE, message));
    }

    private void listen() {
        for (Runnable turn = listening.poll(); turn != null; turn = listening.poll()) {
            turn.run();
        }
    }

    @Override
    public void onProblem(VoiceSession of, Problem problem) {
        told.add(problem.message());
    }

    @Override
    public void onClosed(VoiceSession of, CloseReason reason) {
        told.add("closed");
    }
}
