package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that we close. */
@Timeout(60)
class ClosingTest extends SessionStage {
    @Test
    void theClosedSessionTakesNothing() {
        VoiceSession session = agent().build().connect();
        session.close();
        session.close();
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(session.appendAudio(ProviderDouble.pcm(2))).isFalse();
        session.interrupt();
        session.send(new ClientEvent.ClearAudio());
        assertThat(session.awaitClosed(Duration.ZERO)).isTrue();
        assertThat(session.closeReason()).isNotNull();
        assertThat(recorded.told.stream().filter(line -> line.startsWith("closed")))
                .hasSize(1);
    }

    @Test
    void closesInBoundedTimeWhenTheProviderNeverAnswers() {
        provider.answersClose = false;
        VoiceSession session = agent().build().connect();
        session.close();
        assertThat(session.awaitClosed(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aPartThatDoesNotReturnKeepsNoConnectionOpen() {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        SessionExtension deaf = handle -> new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                if (event instanceof ServerEvent.ResponseDone) {
                    stuck.countDown();
                    awaitUninterrupted(free);
                }
            }
        };
        VoiceSession session = agent().with(deaf).build().connect();
        provider.send("{'type':'response.done'}");
        awaitUninterrupted(stuck);
        session.close();
        try {
            await().until(() -> provider.ends.equals(List.of(1006)));
            assertThat(session.closeReason()).isNull();
        } finally {
            free.countDown();
        }
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void aListenerThatClosesDropsTheConnectionOfASessionWhosePartDoesNotReturn() {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ManualClock clock = new ManualClock();
        SessionListener hangsUp = new SessionListener() {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                if (event instanceof ServerEvent.SpeechStopped) {
                    awaitUninterrupted(stuck);
                    session.close();
                    closed.countDown();
                    awaitUninterrupted(free); // and then it is stuck itself
                }
            }
        };
        SessionExtension deaf = handle -> new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                if (event instanceof ServerEvent.ResponseDone) {
                    stuck.countDown();
                    awaitUninterrupted(free);
                }
            }
        };
        VoiceSession session =
                agent().clock(clock).with(deaf).listener(hangsUp).build().connect();
        provider.send("{'type':'input_audio_buffer.speech_stopped'}", "{'type':'response.done'}");
        awaitUninterrupted(closed);
        try {
            clock.advance(Duration.ofSeconds(3));
            await().until(() -> provider.ends.equals(List.of(1006)));
        } finally {
            free.countDown();
        }
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(clock.waiting()).isZero();
    }

    /** It was taken back a moment after; who counted timers at the end found one now and then. */
    @Test
    void whoeverHearsOfTheEndFindsNoTimerLeft() {
        ManualClock clock = new ManualClock();
        List<Integer> left = new CopyOnWriteArrayList<>();
        SessionListener counts = new SessionListener() {
            @Override
            public void onClosed(VoiceSession session, CloseReason reason) {
                left.add(clock.waiting());
            }
        };
        agent().clock(clock).listener(counts).build().connect().close();
        assertThat(left).containsExactly(0);
    }

    @Test
    void aListenerThatDoesNotReturnIsNamedInTheLogByWhoeverWaitsForTheEnd() {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        class Stuck implements SessionListener {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                if (event instanceof ServerEvent.ResponseDone) {
                    stuck.countDown();
                    awaitUninterrupted(free);
                }
            }
        }
        VoiceSession session = agent().listener(new Stuck()).build().connect();
        provider.send("{'type':'response.done'}");
        awaitUninterrupted(stuck);
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            session.close();
        } finally {
            System.setErr(usual);
            free.countDown();
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("the listener " + Stuck.class.getName() + " has not returned for some seconds: until it does,"
                        + " no listener hears of the end");
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void closesFromAListener() {
        SessionListener hangsUp = new SessionListener() {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                if (event instanceof ServerEvent.ResponseDone) {
                    session.close();
                }
            }
        };
        VoiceSession session = agent().listener(hangsUp).build().connect();
        provider.send("{'type':'response.done'}");
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void writersFinishBeforeTheEndIsTold() {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch slowly = new CountDownLatch(1);
        SessionExtension writer = handle -> {
            var executor = handle.serialExecutor("writer");
            return new SessionPart() {
                @Override
                public void onClosed(CloseReason reason) {
                    executor.execute(() -> {
                        try {
                            slowly.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        order.add("written");
                    });
                }
            };
        };
        SessionListener listener = new SessionListener() {
            @Override
            public void onClosed(VoiceSession session, CloseReason reason) {
                order.add("told");
            }
        };
        VoiceSession session =
                provider.agent().with(writer).listener(listener).build().connect();
        var unused = CompletableFuture.runAsync(() -> {
            await().until(() -> session.state() == SessionState.CLOSED);
            slowly.countDown();
        });
        session.close();
        assertThat(order).containsExactly("written", "told");
    }

    @Test
    void workThatMayWaitForEverIsNeitherWaitedForNorComplainedOf() {
        CountDownLatch something = new CountDownLatch(1);
        List<Problem> problems = new CopyOnWriteArrayList<>();
        SessionExtension reader = handle -> {
            handle.unawaitedExecutor("reader").execute(() -> {
                try {
                    something.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return new SessionPart() {};
        };
        SessionListener listener = new SessionListener() {
            @Override
            public void onProblem(VoiceSession session, Problem problem) {
                problems.add(problem);
            }
        };
        VoiceSession session =
                provider.agent().with(reader).listener(listener).build().connect();
        session.close();
        something.countDown();
        assertThat(session.awaitClosed(Duration.ZERO)).isTrue();
        assertThat(problems).isEmpty();
    }

    @Test
    void aCallThatIsOpenAtTheEndIsWaitedFor() {
        CompletableFuture<Void> running = new CompletableFuture<>();
        SessionExtension slowTool = handle -> new SessionPart() {
            @Override
            public CompletableFuture<Void> ending() {
                handle.report(
                        new ToolOutcome(new ToolRequest("c", "book", "{}", null), true, null, "{}", Duration.ZERO));
                return running;
            }
        };
        VoiceSession session =
                provider.agent().with(slowTool).listener(recorded).build().connect();
        var closing = CompletableFuture.runAsync(session::close);
        await().until(() -> recorded.told.contains("outcome book {}"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
        running.complete(null);
        closing.join();
        assertThat(recorded.told).endsWith("outcome book {}", "closed CLOSED_BY_US 1000");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
