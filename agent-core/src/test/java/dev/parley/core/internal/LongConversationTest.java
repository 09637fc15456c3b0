package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.core.ManualClock;
import dev.parley.core.ToolRequest;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.provider.OpenAi;
import dev.parley.core.provider.Provider;
import dev.parley.core.provider.Swaram;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is remembered of calls, items and replies is what the protocol may still mention. Two hundred sessions of five
 * minutes went on growing to their end, by 13 KB a session and minute, because each id was kept until hundreds of
 * others had come.
 */
class LongConversationTest {
    private static final int TIMES = 700;

    @Test
    void anHourOfTalkWithSwaramHoldsNoMoreThanItsFirstMinutes() {
        holdsNoMoreThanItsFirstMinutes(new Talk(Swaram.simple("swaram_test")));
    }

    @Test
    void anHourOfTalkWithOpenAiHoldsNoMoreThanItsFirstMinutes() {
        holdsNoMoreThanItsFirstMinutes(new Talk(OpenAi.realtime("gpt-realtime", "sk-test")));
    }

    private static void holdsNoMoreThanItsFirstMinutes(Talk talk) {
        talk.turns(32);
        Held afterFiveMinutes = Held.by(talk);
        talk.turns(32);
        Held afterTenMinutes = Held.by(talk);
        assertThat(afterTenMinutes.entries - afterFiveMinutes.entries)
                .as(
                        "a call and its item each turn, of sixty-four replies that are over: so much is remembered on purpose")
                .isEqualTo(2 * 32);
        talk.turns(336);
        assertThat(talk.answered).isEqualTo(400);
        assertThat(talk.clock.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(1)));
        assertThat(Held.by(talk)).isEqualTo(afterTenMinutes);
    }

    /**
     * What is reachable through our own objects and the collections in them. It is counted, since a heap is everybody's: the
     * other tests of a run leave threads and buffers in it.
     *
     * @param entries of all collections and arrays, and the objects of our own
     * @param characters of all strings
     */
    private record Held(long entries, long characters) {

        static Held by(Object root) {
            Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            Deque<Object> open = new ArrayDeque<>(List.of(root));
            long characters = 0;
            while (!open.isEmpty()) {
                Object next = open.pop();
                if (!(next instanceof Enum) && seen.add(next)) {
                    characters += next instanceof CharSequence text ? text.length() : 0;
                    held(next).filter(Objects::nonNull).forEach(open::push);
                }
            }
            return new Held(seen.size(), characters);
        }

        private static Stream<?> held(Object holder) {
            if (holder instanceof Map<?, ?> map) {
                return Stream.concat(map.keySet().stream(), map.values().stream());
            } else if (holder instanceof Collection<?> collection) {
                return collection.stream();
            } else if (holder instanceof Object[] array) {
                return Stream.of(array);
            } else if (holder instanceof AtomicReference<?> reference) {
                return Stream.ofNullable(reference.get());
            } else if (holder.getClass().getName().startsWith("dev.parley.")) {
                return Stream.<Class<?>>iterate(holder.getClass(), Objects::nonNull, Class::getSuperclass)
                        .filter(type -> type.getName().startsWith("dev.parley."))
                        .flatMap(type -> Stream.of(type.getDeclaredFields()))
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .filter(field -> !field.getType().isPrimitive())
                        .map(field -> valueOf(field, holder));
            }
            return Stream.empty();
        }

        private static Object valueOf(Field field, Object holder) {
            try {
                field.setAccessible(true);
                return field.get(holder);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A caller who asks for a booking again and again, on one connection. */
    private static final class Talk extends SilentOwner implements Outbox.Wire {
        private final ManualClock clock = new ManualClock();
        private final Shared shared;
        private final Connection connection;
        /** Ids are of one length, so that later ones are no longer. */
        private int turn = 1_000;

        private int answered;

        Talk(Provider provider) {
            shared = Shared.of(
                    provider, null, clock, Runnable::run, new ListenerLane(List.of(), Runnable::run), new EventCodec());
            connection = new Connection(1, shared, this, CONFIG);
            shared.outgoing().configure(this, new ClientEvent.SessionUpdate(CONFIG));
            shared.outgoing().flow(List.of());
            connection.onOpen();
            connection.ready();
        }

        void turns(int count) {
            for (int i = 0; i < count; i++) {
                oneTurn("of_the_turn_" + ++turn);
            }
        }

        /** Nine seconds. */
        private void oneTurn(String turn) {
            tell(new ServerEvent.SpeechStarted("said_" + turn, null));
            clock.advance(Duration.ofSeconds(3));
            tell(new ServerEvent.SpeechStopped("said_" + turn, null));
            tell(new ServerEvent.InputTranscript("said_" + turn, "Book it. ".repeat(TIMES)));
            Item call = new Item("call_" + turn, "function_call", null, "completed", "", "id_" + turn, "book", "{}");
            tell(new ServerEvent.ResponseCreated("calling_" + turn));
            tell(new ServerEvent.FunctionCallArguments("calling_" + turn, call.id(), call.callId(), "book", "{}"));
            tell(new ServerEvent.OutputItem("calling_" + turn, call, true));
            tell(new ServerEvent.ResponseDone("calling_" + turn, "completed", List.of(call), null, null));
            clock.advance(Duration.ofSeconds(3));
            ToolRequest request = new ToolRequest("id_" + turn, "book", "{}", "calling_" + turn, 1);
            shared.conversation().onAnswer(request, "{}");
            connection.answer(request, "{}", true);
            tell(new ServerEvent.ItemCreated(new Item(
                    "output_" + turn, "function_call_output", null, "completed", "{}", "id_" + turn, null, null)));
            tell(new ServerEvent.ResponseCreated("reply_" + turn));
            tell(new ServerEvent.OutputAudio("reply_" + turn, "voice_" + turn, ByteBuffer.allocate(960)));
            tell(new ServerEvent.OutputTranscript("reply_" + turn, "voice_" + turn, "It is booked. ".repeat(TIMES)));
            tell(new ServerEvent.ResponseDone("reply_" + turn, "completed", List.of(), null, null));
            connection.moveHeard("voice_" + turn, TimeUnit.MILLISECONDS.toNanos(20));
            clock.advance(Duration.ofSeconds(3));
        }

        private void tell(ServerEvent event) {
            connection.onEvent(event);
        }

        @Override
        public boolean send(String message) {
            answered += message.contains("function_call_output") ? 1 : 0;
            return true;
        }

        @Override
        public long queued() {
            return 0;
        }

        @Override
        public void lost(Endings.Ending ending) {
            throw new AssertionError(ending);
        }

        @Override
        public void lostUnless(Duration within, Endings.Ending ending) {
            throw new AssertionError(ending);
        }

        @Override
        public void endedUnless(Duration within, Endings.Ending ending) {
            throw new AssertionError(ending);
        }

        @Override
        public void leave(@Nullable String target) {
            throw new AssertionError(target);
        }
    }
}
