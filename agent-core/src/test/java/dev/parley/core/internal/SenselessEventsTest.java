package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.Interruption;
import dev.parley.core.ManualClock;
import dev.parley.core.Problem;
import dev.parley.core.SessionListener;
import dev.parley.core.SessionPart;
import dev.parley.core.ToolRequest;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.Usage;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.OpenAiCompatible;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events that are valid and make no sense, in whatever order: nothing in a connection fails at them. */
class SenselessEventsTest {
    private static final int SEQUENCES = 10_000;
    private static final int MOST_STEPS = 40;

    private static final List<String> REPLIES = Arrays.asList("r1", "r2", "r3", "", null);
    private static final List<String> ITEMS = Arrays.asList("i1", "i2", "", null);
    private static final List<String> CALLS = Arrays.asList("c1", "c2", "", null);
    private static final List<String> NAMES = Arrays.asList("book", "move", "no_such_tool", "", null);
    private static final List<String> TYPES =
            Arrays.asList("message", "function_call", "function_call_output", "mcp_call", null);
    private static final List<String> ROLES = Arrays.asList("user", "assistant", "system", null);
    private static final List<String> STATUSES =
            Arrays.asList("completed", "in_progress", "incomplete", "cancelled", "failed", "", null);
    private static final List<String> TEXTS =
            List.of("", " ", "At ten.", "{\"a\":1}", "{\"a\":", "[]", "\ud83d", "null");
    private static final List<String> CODES = Arrays.asList(
            "conversation_already_has_active_response",
            "response_cancel_not_active",
            "input_audio_buffer_commit_empty",
            "server_error",
            "session_expired",
            "insufficient_quota",
            "x",
            "",
            null);
    private static final List<String> EVENT_IDS =
            Arrays.asList("parley_1", "parley_2", "parley_3", "parley_cut_1", "x", "", null);

    private static final Dialect CONTINUING =
            OpenAiCompatible.ga("x").continuesAfterToolOutput(true).build();
    private static final List<Provider> PROVIDERS = List.of(
            OpenAi.realtime("gpt-realtime", "sk-test"),
            Swaram.simple("swaram_test"),
            OpenAiCompatible.at(URI.create("ws://localhost:1/v1/realtime"), CONTINUING, Credential.none()));

    @Test
    void noneMakesAConnectionFail() {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Sequence sequence = new Sequence(seed);
            try {
                sequence.run();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + " fails after " + sequence.steps, e);
            }
            assertThat(sequence.faults).as("seed %s: %s", seed, sequence.steps).isEmpty();
        }
    }

    /** What the loop tells of itself is what the search above looks for. */
    @Test
    void whatFailsOnTheLoopIsTold() {
        Sequence sequence = new Sequence(0);
        IllegalStateException fault = new IllegalStateException("of a test");
        sequence.shared.lane().execute(() -> {
            throw fault;
        });
        assertThat(sequence.faults)
                .containsExactly(new Problem(
                        Problem.Kind.INTERNAL_FAULT,
                        "Parley failed at an event or a request with IllegalStateException and went on without it. Please"
                                + " report what the log has",
                        fault));
    }

    /** One connection, and what happens to it. */
    private static final class Sequence extends SilentOwner implements SessionListener {
        private final Random random;
        private final List<String> steps = new ArrayList<>();
        private final List<Problem> faults = new ArrayList<>();
        private final List<ToolRequest> requests = new ArrayList<>();
        private final ManualClock clock = new ManualClock();
        private final Shared shared;
        private final Connection connection;

        Sequence(int seed) {
            random = new Random(seed);
            shared = Shared.of(
                    PROVIDERS.get(seed % PROVIDERS.size()),
                    null,
                    clock,
                    Runnable::run,
                    new ListenerLane(List.of(this), Runnable::run),
                    new EventCodec());
            shared.audience().attach((VoiceSession) Proxy.newProxyInstance(
                    VoiceSession.class.getClassLoader(),
                    new Class<?>[] {VoiceSession.class},
                    (self, method, args) -> null));
            shared.audience().seat(Parts.of(List.of(new Tools()), List.of()));
            connection = new Connection(1, shared, this, CONFIG);
        }

        void run() {
            connection.onOpen();
            if (random.nextInt(10) > 0) {
                connection.onEvent(new ServerEvent.SessionUpdated(null));
                connection.ready();
            }
            int length = 1 + random.nextInt(MOST_STEPS);
            for (int i = 0; i < length; i++) {
                if (random.nextInt(4) == 0) {
                    act();
                } else {
                    ServerEvent event = event();
                    steps.add(String.valueOf(event));
                    connection.onEvent(event);
                }
                connection.isQuiet();
                connection.gate().unmet();
                shared.conversation().entries();
            }
            connection.close();
            clock.advance(Duration.ofMinutes(2));
        }

        private void act() {
            int which = random.nextInt(8);
            steps.add("act " + which);
            switch (which) {
                case 0 -> connection.interrupt(any(List.of(Interruption.Cause.values())), random.nextBoolean());
                case 1 -> connection.moveHeard("i1", TimeUnit.MILLISECONDS.toNanos(random.nextInt(500)));
                case 2 -> connection.gate().requestResponse(null);
                case 3 ->
                    connection
                            .gate()
                            .requestResponse(
                                    random.nextBoolean()
                                            ? ResponseOptions.builder()
                                                    .outOfBand()
                                                    .build()
                                            : ResponseOptions.builder()
                                                    .instructions("Greet.")
                                                    .build());
                case 4 -> connection.gate().say(new ClientEvent.Message("user", any(TEXTS), null));
                case 5 -> clock.advance(Duration.ofMillis(random.nextInt(30_000)));
                case 6 -> {
                    if (!requests.isEmpty()) {
                        ToolRequest request = any(requests);
                        shared.conversation().onAnswer(request, "{}");
                        connection.answer(request, "{}", random.nextBoolean());
                    }
                }
                default -> {
                    if (!requests.isEmpty()) {
                        connection.leaveAfterReply(any(requests), random.nextBoolean() ? "desk" : null);
                    }
                }
            }
        }

        private ServerEvent event() {
            return switch (random.nextInt(16)) {
                case 0 -> new ServerEvent.SessionCreated(null);
                case 1 -> new ServerEvent.SessionUpdated(null);
                case 2 -> new ServerEvent.SpeechStarted(any(ITEMS), random.nextBoolean() ? null : random.nextLong());
                case 3 -> new ServerEvent.SpeechStopped(any(ITEMS), null);
                case 4 -> new ServerEvent.InputTranscript(any(ITEMS), any(TEXTS));
                case 5 -> new ServerEvent.ItemCreated(item());
                case 6, 7 -> new ServerEvent.ResponseCreated(any(REPLIES), random.nextInt(4) == 0);
                case 8 -> new ServerEvent.OutputItem(any(REPLIES), item(), random.nextBoolean());
                case 9 ->
                    new ServerEvent.OutputAudio(any(REPLIES), any(ITEMS), ByteBuffer.allocate(random.nextInt(2_000)));
                case 10 -> new ServerEvent.OutputTranscript(any(REPLIES), any(ITEMS), any(TEXTS));
                case 11 -> new ServerEvent.OutputText(any(REPLIES), any(ITEMS), any(TEXTS));
                case 12 ->
                    new ServerEvent.FunctionCallArguments(any(REPLIES), any(ITEMS), any(CALLS), any(NAMES), any(TEXTS));
                case 13 ->
                    new ServerEvent.ResponseDone(
                            any(REPLIES),
                            any(STATUSES),
                            random.nextBoolean() ? List.of() : List.of(item(), item()),
                            any(CODES),
                            random.nextBoolean() ? null : new Usage(1, 2, 0, 1, 2));
                case 14 -> new ServerEvent.ErrorEvent(any(CODES), any(CODES), any(TEXTS), any(EVENT_IDS));
                default -> new ServerEvent.Unrecognized("x", any(TEXTS));
            };
        }

        private ServerEvent.Item item() {
            return new ServerEvent.Item(
                    any(ITEMS),
                    any(TYPES),
                    any(ROLES),
                    any(STATUSES),
                    any(TEXTS),
                    any(CALLS),
                    any(NAMES),
                    random.nextBoolean() ? null : any(TEXTS));
        }

        private <T> T any(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        @Override
        public void onProblem(VoiceSession session, Problem problem) {
            if (problem.kind() == Problem.Kind.INTERNAL_FAULT || problem.kind() == Problem.Kind.EXTENSION_FAILED) {
                faults.add(problem);
            }
        }

        @Override
        public void onToolRequest(VoiceSession session, ToolRequest request) {
            requests.add(request);
        }
    }

    /** One tool, with what is sensitive. */
    private static final class Tools implements SessionPart {
        @Override
        public List<ToolDefinition> tools() {
            return List.of(new ToolDefinition("book", "", "{}", Set.of("a"), Set.of("b")));
        }
    }
}
