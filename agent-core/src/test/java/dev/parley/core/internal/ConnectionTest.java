package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.provider.OpenAi;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a connection tells of, and to whom it still may. */
class ConnectionTest {
    private final ManualClock clock = new ManualClock();
    private final Shared shared = Shared.of(
            OpenAi.realtime("gpt-realtime", "sk-test"),
            null,
            clock,
            Runnable::run,
            new ListenerLane(List.of(), Runnable::run),
            new EventCodec());
    private final List<String> heard = new ArrayList<>();
    private boolean current = true;
    private final Connection connection =
            new Connection(1, shared, new WritesDown(), new SessionConfig(null, null, List.of()));

    @Test
    void whatAReplacedConnectionStillSaysIsNotHeard() {
        connection.onOpen();
        current = false;
        connection.onEvent(new ServerEvent.SessionUpdated("sess_1"));
        connection.onEvent(new ServerEvent.ResponseCreated("r1"));
        connection.onEvent(new ServerEvent.OutputAudio("r1", "i1", ByteBuffer.allocate(960)));
        connection.onEvent(new ServerEvent.FunctionCallArguments("r1", "i1", "c1", "book", "{}"));
        connection.onMalformed("not JSON");
        connection.onClosed(1006, "");
        connection.onFailure(new java.io.IOException("reset"), 0);
        assertThat(heard).containsExactly("opened");
        assertThat(connection.wasReplying()).isFalse();
        assertThat(shared.counters().audioReceived).hasValue(0);
        assertThat(shared.counters().malformed).hasValue(0);
        assertThat(shared.conversation().hasOpenCalls()).isFalse();
    }

    @Test
    void theConfigurationIsConfirmedOnce() {
        connection.onOpen();
        connection.onEvent(new ServerEvent.SessionUpdated("sess_1"));
        connection.ready();
        connection.onEvent(new ServerEvent.SessionUpdated("sess_1"));
        assertThat(heard).containsExactly("opened", "confirmed");
    }

    @Test
    void aCallThatTheApplicationAddsAsHistoryIsNotRun() {
        ServerEvent.Item call = new ServerEvent.Item("i1", "function_call", null, "completed", "", "c1", "book", "{}");
        connection.onOpen();
        connection.ready();
        connection.onEvent(new ServerEvent.ItemCreated(call));
        assertThat(shared.conversation().hasOpenCalls()).isFalse();
        connection.onEvent(new ServerEvent.ResponseCreated("r1"));
        connection.onEvent(new ServerEvent.ItemCreated(call));
        assertThat(shared.conversation().hasOpenCalls()).isTrue();
    }

    @Test
    void anErrorThatEndsTheSessionIsNotLeftToTheClose() {
        connection.onOpen();
        connection.ready();
        connection.onEvent(new ServerEvent.ErrorEvent("invalid_request_error", "session_expired", null, null));
        connection.onEvent(new ServerEvent.ErrorEvent("invalid_request_error", "insufficient_quota", null, null));
        assertThat(heard)
                .containsExactly(
                        "opened",
                        "lost SessionExpiredException",
                        "lost in PT2S unless something happens OutOfCreditsException");
    }

    /** 80 ms that nobody reported were to play for ever, and no planned move came until the server ended the session. */
    @Test
    void aReplyThatHasHadTheTimeToSoundHoldsUpNoPlannedMove() {
        connection.onOpen();
        connection.ready();
        connection.onEvent(new ServerEvent.ResponseCreated("r1"));
        connection.onEvent(new ServerEvent.OutputAudio("r1", "i1", ByteBuffer.allocate(48_000)));
        connection.onEvent(new ServerEvent.ResponseDone("r1", "completed", List.of(), null, null));
        connection.moveHeard("i1", TimeUnit.MILLISECONDS.toNanos(920));
        assertThat(connection.isQuiet()).isFalse();
        clock.advance(Duration.ofMillis(100));
        assertThat(connection.isQuiet()).isTrue();
    }

    private final class WritesDown implements ConnectionOwner {
        @Override
        public boolean isCurrent(Connection asked) {
            return current;
        }

        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void confirmed() {
            heard.add("confirmed");
        }

        @Override
        public SessionConfig config() {
            return new SessionConfig(null, null, List.of());
        }

        @Override
        public void lost(Endings.Ending ending) {
            heard.add("lost " + named(ending));
        }

        @Override
        public void lostUnless(Duration within, Endings.Ending ending) {
            heard.add("lost in " + within + " unless something happens " + named(ending));
        }

        @Override
        public void endedUnless(Duration within, Endings.Ending ending) {
            heard.add("ended in " + within + " unless something happens " + named(ending));
        }

        @Override
        public void leave(@Nullable String target) {
            heard.add("leave");
        }

        private static String named(Endings.Ending ending) {
            return ending.reason().error().getClass().getSimpleName();
        }
    }
}
