package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;

/** Sessions whose connections are replaced, and the time, which a test moves on itself. */
class RecoveryStage extends SessionStage {
    final ManualClock clock = new ManualClock();
    final ReconnectPolicy policy = ReconnectPolicy.exponential().random(() -> 0.5);

    @Override
    VoiceAgent.Builder agent() {
        return super.agent().instructions("Today.").clock(clock).reconnect(policy);
    }

    /** A session that is over, as far as anybody was told, has nothing left that is to happen. */
    void assertNoTimer() {
        assertThat(clock.waiting()).isZero();
    }
}
