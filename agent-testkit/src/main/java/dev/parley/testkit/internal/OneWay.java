package dev.parley.testkit.internal;

import dev.parley.testkit.LinkFault;
import dev.parley.testkit.LinkFault.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Carries bytes one way, as far as the connection's fault lets them. Runs on a thread of its own. */
final class OneWay implements Runnable {
    private static final int BUFFER = 8 * 1024;

    /** A slow link gives out so many pieces a second. */
    private static final int PIECES_A_SECOND = 20;

    private final Direction direction;
    private final Socket from;
    private final Socket to;
    private final RelayedConnection connection;
    private final FrameSpotter frames = new FrameSpotter();
    private final AtomicLong passed = new AtomicLong();

    /** The fault that the two below belong to. */
    private int faultNumber = -1;

    private long leftBeforeCut;
    private Random jitter = new Random(0);

    OneWay(Direction direction, Socket from, Socket to, RelayedConnection connection) {
        this.direction = direction;
        this.from = from;
        this.to = to;
        this.connection = connection;
    }

    @Override
    public void run() {
        boolean broken = true;
        try {
            byte[] buffer = new byte[BUFFER];
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                carry(buffer, count, to.getOutputStream());
            }
            connection.awaitEnd(direction);
            broken = false;
        } catch (IOException e) {
            // one of the two has gone, or the link was told to drop them: both end
        } finally {
            connection.wayOver(to, broken);
        }
    }

    private void carry(byte[] bytes, int end, OutputStream out) throws IOException {
        int at = 0;
        while (at < end) {
            RelayedConnection.Condition now = connection.awaitFlow();
            begin(now);
            if (now.forgets(direction)) {
                return;
            }
            int most = end - at;
            if (now.fault() instanceof LinkFault.Slow slow) {
                most = Math.min(most, Math.max(1, slow.bytesPerSecond() / PIECES_A_SECOND));
            } else if (now.fault() instanceof LinkFault.Jittery jittery) {
                connection.pause(
                        now, (long) (jitter.nextDouble() * jittery.most().toNanos()));
            }
            int until = cutPoint(now.fault(), bytes, at, at + most);
            boolean cutHere = until >= 0;
            int piece = (cutHere ? until : at + most) - at;
            out.write(bytes, at, piece);
            passed.addAndGet(piece);
            at += piece;
            if (cutHere) {
                connection.cut();
            } else if (now.fault() instanceof LinkFault.Slow slow) {
                connection.pause(now, TimeUnit.SECONDS.toNanos(1) * piece / slow.bytesPerSecond());
            }
        }
    }

    private void begin(RelayedConnection.Condition now) {
        if (faultNumber == now.number()) {
            return;
        }
        faultNumber = now.number();
        if (now.fault() instanceof LinkFault.CutAfter cut) {
            leftBeforeCut = cut.bytes();
        } else if (now.fault() instanceof LinkFault.Jittery jittery) {
            jitter = new Random(jittery.seed());
        }
    }

    /** Where to cut in these bytes, or -1. Follows the frames, so it sees every byte that passes once. */
    private int cutPoint(@Nullable LinkFault fault, byte[] bytes, int at, int end) {
        boolean inFrame = fault instanceof LinkFault.CutInFrame cut && cut.direction() == direction;
        boolean counted = fault instanceof LinkFault.CutAfter cut && cut.direction() == direction;
        for (int i = at; i < end; i++) {
            frames.pass(bytes[i]);
            leftBeforeCut--;
            if ((inFrame && frames.inTheMiddle()) || (counted && leftBeforeCut == 0)) {
                return i + 1;
            }
        }
        return -1;
    }

    long passed() {
        return passed.get();
    }
}
