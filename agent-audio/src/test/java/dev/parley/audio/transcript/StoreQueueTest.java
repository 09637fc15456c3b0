package dev.parley.audio.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.audio.FakeSession;
import dev.parley.audio.TestClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreQueueTest {
    private final FakeSession session = new FakeSession(24_000);
    private final Deque<Runnable> lane = new ArrayDeque<>();
    private final List<Long> stored = new ArrayList<>();
    private StoreQueue queue;

    /** A database that hangs for a minute: the call goes on, and holds no more than may wait. */
    @Test
    void whileTheStoreIsBusyEntriesWaitAndTheOldestIsGivenUpAtLast() {
        session.lanes.put("transcript", lane::add);
        queue = new StoreQueue(session, new TranscriptStore() {
            @Override
            public void append(String conversationId, TranscriptEntry entry) {
                if (stored.isEmpty()) {
                    for (int i = 1; i <= 1_030; i++) {
                        queue.append(turn(i));
                    }
                    assertThat(lane).as("what is left to do").hasSize(1);
                }
                stored.add(entry.position());
            }

            @Override
            public List<TranscriptEntry> read(String conversationId) {
                return List.of();
            }
        });
        queue.append(turn(0));
        assertThat(queue.unsaved()).isEqualTo(1);
        while (!lane.isEmpty()) {
            lane.removeFirst().run();
        }
        assertThat(stored).hasSize(1_025).startsWith(0L, 7L, 8L).endsWith(1_030L);
        assertThat(queue.unsaved()).isEqualTo(6);
        assertThat(session.problems).isEmpty();
    }

    private static Turn turn(long position) {
        return new Turn(position, Turn.Role.USER, "words", null, false, TestClock.START, TestClock.START);
    }
}
