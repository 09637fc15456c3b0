package dev.parley.core;

import static org.awaitility.Awaitility.await;

/** Sessions whose connections are replaced, and the time, which a test moves on itself. */
class RecoveryStage extends SessionStage {
    final ManualClock clock = new ManualClock();
    final ReconnectPolicy policy = ReconnectPolicy.exponential().random(() -> 0.5);

    @Override
    VoiceAgent.Builder agent() {
        return super.agent().instructions("Today.").clock(clock).reconnect(policy);
    }

    /** Whoever waits for the end of a session may hear of it a moment before its last timer is taken back. */
    void awaitNoTimer() {
        await().until(() -> clock.waiting() == 0);
    }
}
