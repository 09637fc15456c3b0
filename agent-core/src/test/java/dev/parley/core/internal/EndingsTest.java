package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.CloseReason;
import dev.parley.core.ConnectionLostException;
import dev.parley.core.CredentialRejectedException;
import dev.parley.core.OutOfCreditsException;
import dev.parley.core.ServerBusyException;
import dev.parley.core.SessionException;
import dev.parley.core.event.ServerEvent.ErrorEvent;
import dev.parley.core.internal.Endings.Ending;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Swaram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the end of a connection means. */
class EndingsTest {
    private final Endings endings = new Endings(Swaram.simple("swaram_test"));

    @ParameterizedTest
    @ValueSource(ints = {1000, 1005})
    void aGoodbyeIsNoError(int code) {
        assertThat(endings.ofClose(code, null))
                .isEqualTo(new Ending(
                        new CloseReason(CloseReason.Kind.CLOSED_BY_PROVIDER, code, "swaram hung up", null), false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1005})
    void aGoodbyeAfterAFaultOfTheServersMayPass(int code) {
        Ending ending = endings.ofClose(code, new ErrorEvent("server_error", "server_error", "m", null));
        assertThat(ending.mayPass()).isTrue();
        assertThat(ending.reason().kind()).isEqualTo(CloseReason.Kind.FAILED);
        assertThat(ending.reason().error())
                .isExactlyInstanceOf(SessionException.class)
                .hasMessage("swaram closed the session with code " + code + " after the error server_error");
    }

    @Test
    void aServerOfAnyKindThatSaysTryAgainLaterIsBusyAndThatMayPass() {
        Ending ending = new Endings(OpenAi.realtime("gpt-realtime", "sk-test")).ofClose(1013, null);
        assertThat(ending.mayPass()).isTrue();
        assertThat(ending.reason().error())
                .isExactlyInstanceOf(ServerBusyException.class)
                .hasMessage("OpenAI closed the session (1013): the server is busy. Try again in a while");
    }

    @Test
    void whatAnAccountLacksIsNoBusyServerWhateverTheCloseSays() {
        ErrorEvent quota = new ErrorEvent("invalid_request_error", "insufficient_quota", "m", null);
        Ending ending = new Endings(OpenAi.realtime("gpt-realtime", "sk-test")).ofClose(1013, quota);
        assertThat(ending.mayPass()).isFalse();
        assertThat(ending.reason().error()).isExactlyInstanceOf(OutOfCreditsException.class);
    }

    @Test
    void withoutATokenTheNextAttemptMayFareBetterUnlessTheKeyOrTheCreditsAreAtFault() {
        assertThat(endings.ofFailure(new ConnectionLostException("m", 0, null), 0)
                        .mayPass())
                .isTrue();
        assertThat(endings.ofFailure(new ServerBusyException("m", 503), 0).mayPass())
                .isTrue();
        assertThat(endings.ofFailure(new SessionException("m", 0, null), 0).mayPass())
                .isTrue();
        assertThat(endings.ofFailure(new CredentialRejectedException("m", 401), 0)
                        .mayPass())
                .isFalse();
        assertThat(endings.ofFailure(new OutOfCreditsException("m", 402), 0).mayPass())
                .isFalse();
    }

    @Test
    void aPlannedMoveIsNoFailure() {
        assertThat(endings.ofRenewal().reason())
                .isEqualTo(new CloseReason(
                        CloseReason.Kind.CLOSED_BY_US,
                        1000,
                        "the session moves to a fresh connection before swaram ends this one",
                        null));
    }

    @Test
    void whatAClassWithoutASimpleNameIsCalled() {
        assertThat(ClassName.of(new Object() {})).isEqualTo("dev.parley.core.internal.EndingsTest$1");
        assertThat(ClassName.of("")).isEqualTo("String");
    }
}
