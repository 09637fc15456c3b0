package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.core.provider.Credential;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that fails before it is ready: what is tried again, for how long, and what is told in the end. */
@Timeout(60)
class ConnectingTest extends SessionStage {
    private final ManualClock clock = new ManualClock();
    private final ReconnectPolicy policy = ReconnectPolicy.exponential().random(() -> 0.5);

    @Override
    VoiceAgent.Builder agent() {
        return super.agent().clock(clock).reconnect(policy);
    }

    private void refuse(int attempt) {
        provider.next();
        int before = recorded.problems.size();
        provider.send("{'type':'error','error':{'type':'server_error','code':'server_error','message':'m'}}");
        await().until(() -> recorded.problems.size() > before);
        provider.socket().close(1013, null);
        await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("reconnecting " + attempt + " ")));
        provider.expectAnother();
    }

    @Test
    void aServerThatFailsAndSaysNothingElseIsLeftAfterTwoSecondsAndTriedAgain() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        provider.send("{'type':'error','error':{'type':'server_error','code':'server_error','message':'m'}}");
        await().until(() -> !recorded.problems.isEmpty());
        clock.advance(Duration.ofSeconds(2));
        await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("reconnecting 1 ")));
        provider.expectAnother();
        clock.advance(Duration.ofMillis(500));
        provider.next();
        provider.send("{'type':'session.updated'}");
        VoiceSession session = connecting.join();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        session.close();
    }

    /** The error's own two seconds once outlived its connection, and ended the ones that followed. */
    @Test
    void aServerThatIsBusyTwiceAndSaysSoBeforeItClosesIsTriedAThirdTime() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        refuse(1);
        clock.advance(Duration.ofMillis(500));
        refuse(2);
        clock.advance(Duration.ofSeconds(1));
        provider.next();
        clock.advance(Duration.ofSeconds(5));
        provider.send("{'type':'session.updated'}");
        VoiceSession session = connecting.join();
        assertThat(session.state()).isEqualTo(SessionState.READY);
        assertThat(provider.handshakes).hasSize(3);
        session.close();
    }

    @Test
    void aServerThatStaysBusyIsToldAsThatWhenTheTimeToConnectIsUp() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        refuse(1);
        clock.advance(Duration.ofMillis(500));
        provider.next();
        clock.advance(Duration.ofMillis(19_499));
        assertThat(connecting).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThatThrownBy(connecting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseExactlyInstanceOf(ServerBusyException.class);
    }

    @Test
    void aFreshTokenMayTakeItsTime() {
        provider.confirmsConfiguration = false;
        AtomicInteger minted = new AtomicInteger();
        CountDownLatch slow = new CountDownLatch(1);
        var connecting = agent().provider(provider.provider().credential(Credential.bearer(() -> {
                    if (minted.incrementAndGet() == 2) {
                        awaitUninterrupted(slow);
                    }
                    return "swaram_ek_" + minted.get();
                })))
                .build()
                .session()
                .connectAsync()
                .toCompletableFuture();
        provider.next();
        provider.send("{'type':'error','error':{'code':'token_expired','message':'m'}}");
        await().until(() -> !recorded.problems.isEmpty());
        provider.socket().close(4001, null);
        await().until(() -> recorded.told.contains("reconnecting 0 after 0 ms: 4001"));
        provider.expectAnother();
        clock.advance(Duration.ZERO);
        await().until(() -> minted.get() == 2);
        clock.advance(Duration.ofSeconds(3));
        slow.countDown();
        provider.next();
        provider.send("{'type':'session.updated'}");
        connecting.join().close();
    }

    /** A network that is down takes the mint with it. */
    @Test
    void aReconnectWhoseTokenCannotBeMintedYetIsTriedAgain() {
        AtomicBoolean down = new AtomicBoolean();
        try (VoiceSession session = agent().provider(provider.provider().credential(Credential.bearer(() -> {
                    if (down.getAndSet(false)) {
                        throw new ConnectionLostException("no connection to the mint", 0, null);
                    }
                    return "swaram_ek_1";
                })))
                .build()
                .connect()) {
            provider.next();
            down.set(true);
            provider.socket().close(1011, null);
            await().until(() -> recorded.told.contains("reconnecting 1 after 500 ms: 1011"));
            provider.expectAnother();
            clock.advance(Duration.ofMillis(500));
            await().until(() -> recorded.told.contains("reconnecting 2 after 1000 ms: 0"));
            clock.advance(Duration.ofSeconds(1));
            assertThat(provider.next()).contains("session.update");
            await().until(() -> session.state() == SessionState.READY);
        }
    }

    @Test
    void aListenerThatTakesItsTimeHoldsUpNoFailure() {
        CountDownLatch slow = new CountDownLatch(1);
        VoiceAgent agent = provider.agent()
                .listener(new SessionListener() {
                    @Override
                    public void onState(VoiceSession session, SessionState state) {
                        awaitUninterrupted(slow);
                    }
                })
                .build();
        provider.refusal.set(new mockwebserver3.MockResponse.Builder().code(401).build());
        try {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(agent::connect)
                            .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                            .join())
                    .hasCauseExactlyInstanceOf(CredentialRejectedException.class);
        } finally {
            slow.countDown();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
