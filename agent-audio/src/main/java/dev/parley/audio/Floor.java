package dev.parley.audio;

import dev.parley.core.Clock;
import dev.parley.core.SessionHandle;
import dev.parley.core.SessionState;
import dev.parley.core.event.ServerEvent;
import java.time.Duration;

/** Which side of a call has the floor, and the policy that decides it. Loop-confined unless said. */
final class Floor {
    private final SessionHandle handle;
    private final Player player;
    private final TurnPolicy policy;
    private volatile BargeIn.State state = BargeIn.State.LISTENING;

    Floor(SessionHandle handle, Player player, BargeIn bargeIn) {
        this.handle = handle;
        this.player = player;
        if (bargeIn instanceof LocalBargeIn local) {
            this.policy = new LocalTurns(local, this);
        } else if (bargeIn instanceof HalfDuplex halfDuplex) {
            this.policy = new HalfDuplexTurns(halfDuplex, this);
        } else if (bargeIn instanceof PushToTalk) {
            this.policy = new PushToTalkTurns(this);
        } else if (bargeIn instanceof ServerDrivenBargeIn server && server.interruptsItself()) {
            this.policy = new ServerDrivenTurns(server, this);
        } else {
            // the session itself silences the players when the server says so
            this.policy = new TurnPolicy() {};
        }
    }

    /** Any thread. */
    BargeIn.State state() {
        return state;
    }

    /** Any thread. */
    boolean microphoneOpen() {
        return policy.microphoneOpen();
    }

    /** The player looked: does it play audio of the agent? */
    void onPlaying(boolean playing) {
        boolean speaking = isSpeaking();
        if (playing && !speaking) {
            state = BargeIn.State.SPEAKING;
            policy.onSpeaking();
        } else if (!playing && speaking) {
            boolean ducked = state == BargeIn.State.DUCKED;
            state = BargeIn.State.LISTENING;
            if (ducked) {
                player.gain(1);
            }
            policy.onQuiet();
        }
    }

    void onSilenced(boolean cut) {
        if (cut) {
            state = BargeIn.State.INTERRUPTED;
        }
        policy.onSilenced();
    }

    void onServerEvent(ServerEvent event) {
        if (event instanceof ServerEvent.SpeechStopped && state == BargeIn.State.INTERRUPTED) {
            state = BargeIn.State.LISTENING;
        }
        policy.onServerEvent(event);
    }

    void onState(SessionState session) {
        if (session != SessionState.READY) {
            if (state == BargeIn.State.INTERRUPTED) {
                // the server that was to hear the caller out is gone
                state = BargeIn.State.LISTENING;
            }
            policy.onConnectionLost();
        }
    }

    void onFrame(boolean speech) {
        policy.onFrame(speech);
    }

    void onDeaf() {
        policy.onDeaf();
    }

    void press() {
        policy.press();
    }

    void release() {
        policy.release();
    }

    void close() {
        policy.close();
    }

    // What policies do.

    Clock clock() {
        return handle.clock();
    }

    /** Whether the agent is played, at whatever volume. */
    boolean isSpeaking() {
        return state == BargeIn.State.SPEAKING || state == BargeIn.State.DUCKED;
    }

    /** How much of the agent has been heard in this session. */
    Duration heard() {
        return player.heard();
    }

    /** How much of the agent has come in this session that was heard, or is still to be. */
    Duration received() {
        return player.received();
    }

    /** What was heard as of now: the sink is asked. */
    Duration heardNow() {
        player.look();
        return heard();
    }

    Clock.Timer after(Duration delay, Runnable onLoop) {
        Task task = new Task(onLoop);
        Clock.Timer timer = handle.clock().schedule(delay, () -> handle.loop().execute(task));
        return () -> {
            task.cancelled = true;
            timer.cancel();
        };
    }

    /** A timer may fire while the loop cancels it: the task then waits on the loop, and must know. */
    private static final class Task implements Runnable {
        private final Runnable task;
        private boolean cancelled;

        Task(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!cancelled) {
                task.run();
            }
        }
    }

    void duck(double gain) {
        state = BargeIn.State.DUCKED;
        player.gain(gain);
    }

    void restore() {
        state = BargeIn.State.SPEAKING;
        player.gain(1);
    }

    /** The caller takes the floor: the session stops the reply, and the part falls silent when the session says so. */
    void interrupt() {
        handle.callerSpoke();
    }
}
