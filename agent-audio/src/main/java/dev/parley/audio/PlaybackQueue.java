package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be played, what the sink has taken, and what of each item was heard, to the sample.
 *
 * <p>Two lines of pieces: {@code waiting} for room in the sink, and {@code taken} by the sink but not yet played. The
 * second keeps its bytes, so that the part that was heard can be told apart to the sample when the sink is flushed, and
 * a fade can go on with the very next samples. Loop-confined.
 */
final class PlaybackQueue {

    /** Hears of what the sink has played, in order. */
    interface Heard {
        /** Samples that were played, the fade after a cut included; {@code first} counts from the current run's start. */
        void samples(ByteBuffer pcm16, long first);

        /** A new run begins: the sink was empty, and plays what it gets from now on. */
        void run();

        /** An item's position moved. */
        void item(String itemId, long samples);
    }

    private static final int KNOWN_ITEMS = 256;

    private final AudioSink sink;
    private final Heard heard;
    private final long room;
    private final int fadeSamples;
    private final Volume volume;
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private final Deque<Piece> taken = new ArrayDeque<>();
    private final Map<String, Item> items = new LinkedHashMap<>();
    private long waitingBytes;
    private long takenSamples;
    private long played;
    private long runPlayed;
    private long heardSamples;
    private long overflowed;
    private long unplayed;

    /**
     * @param room how many bytes may be waiting or taken and unplayed
     */
    PlaybackQueue(AudioSink sink, Heard heard, long room, int fadeSamples) {
        this.sink = sink;
        this.heard = heard;
        this.room = room;
        this.fadeSamples = fadeSamples;
        this.volume = new Volume(fadeSamples);
    }

    /**
     * Queues a piece of an item.
     *
     * @param audio any number of bytes; half a sample at its end waits for the item's next piece
     * @return false if there was not room for all of it; the rest is dropped and counted
     */
    boolean add(String itemId, ByteBuffer audio) {
        Item item = items.computeIfAbsent(itemId, Item::new);
        forgetOldItems();
        ByteBuffer pcm = item.wholeSamples(audio);
        int samples = pcm.remaining() / PcmFormat.BYTES_PER_SAMPLE;
        long free = Math.max(0, room - waitingBytes - takenSamples * PcmFormat.BYTES_PER_SAMPLE);
        boolean fits = pcm.remaining() <= free;
        if (!fits) {
            int keep = (int) (free - free % PcmFormat.BYTES_PER_SAMPLE);
            overflowed += pcm.remaining() - keep;
            pcm.limit(pcm.position() + keep);
        }
        if (pcm.hasRemaining()) {
            waiting.add(new Piece(item, item.received, pcm));
            waitingBytes += pcm.remaining();
        }
        item.received += samples;
        return fits;
    }

    /** Sees what was played, and fills the sink. */
    void step() throws IOException {
        advance(sink.played());
        while (!waiting.isEmpty()) {
            Piece first = waiting.getFirst();
            if (!write(first)) {
                return;
            }
            if (!first.pcm.hasRemaining()) {
                waiting.removeFirst();
            }
        }
    }

    /**
     * Falls silent: what is unplayed is dropped, but for a fade of some milliseconds.
     *
     * @return whether anything was cut
     */
    boolean cut() throws IOException {
        if (!playing()) {
            return false;
        }
        advance(sink.flush());
        boolean cut = playing();
        ByteBuffer fade = fade();
        drop();
        if (fade.hasRemaining()) {
            write(new Piece(null, 0, fade));
        }
        return cut;
    }

    /**
     * Plays on louder or quieter, from the very next sample: what the sink took and has not played is taken back and
     * written again. Nothing is lost.
     *
     * @param gain 1 for the audio as it came
     */
    void gain(double gain) throws IOException {
        if (!playing()) {
            volume.set(gain);
            return;
        }
        advance(sink.flush());
        while (!taken.isEmpty()) {
            Piece last = taken.removeLast();
            if (last.item != null) {
                waiting.addFirst(last.asReceived());
                waitingBytes += last.pcm.remaining();
            }
        }
        takenSamples = 0;
        volume.change(gain, played);
        step();
    }

    /** Forgets what is unplayed, for a sink that failed. */
    void drop() {
        unplayed += unplayedBytes();
        waiting.clear();
        taken.clear();
        waitingBytes = 0;
        takenSamples = 0;
        volume.set(1);
    }

    /** Whether audio of the agent is waiting or unplayed; the fade after a cut does not count. */
    boolean playing() {
        return waitingBytes > 0 || taken.stream().anyMatch(piece -> piece.item != null);
    }

    /** Whether the sink has nothing more to play, fades included. */
    boolean idle() {
        return waitingBytes == 0 && taken.isEmpty();
    }

    /** Of the agent's audio, what was received and is not yet heard. */
    long unplayedBytes() {
        long bytes = waitingBytes;
        for (Piece piece : taken) {
            bytes += piece.item == null ? 0 : piece.pcm.remaining();
        }
        return bytes;
    }

    /** Samples that the sink has taken and not yet played. */
    long takenSamples() {
        return takenSamples;
    }

    boolean hasWaiting() {
        return waitingBytes > 0;
    }

    /** Of the agent's audio, in all items together. */
    long heardSamples() {
        return heardSamples;
    }

    long overflowed() {
        return overflowed;
    }

    long unplayed() {
        return unplayed;
    }

    /** @return false if the sink has no room now */
    private boolean write(Piece piece) throws IOException {
        long position = played + takenSamples;
        ByteBuffer offered =
                piece.item == null || volume.isFull(position) ? piece.pcm : volume.scaled(piece.pcm, position);
        int bytes = sink.write(offered.duplicate());
        if (bytes < 0 || bytes > offered.remaining() || bytes % PcmFormat.BYTES_PER_SAMPLE != 0) {
            throw new IOException("the sink says that it took " + bytes + " of " + offered.remaining() + " bytes");
        }
        if (bytes == 0) {
            return false;
        }
        if (taken.isEmpty()) {
            runPlayed = 0;
            heard.run();
        }
        ByteBuffer sounds = offered.duplicate();
        taken.add(piece.first(bytes).sounding(sounds));
        takenSamples += bytes / PcmFormat.BYTES_PER_SAMPLE;
        if (piece.item != null) {
            waitingBytes -= bytes;
        }
        return true;
    }

    /** A sink's word is checked: it cannot have played what it never got, and it does not go back. */
    private void advance(long position) {
        long samples = Math.min(position - played, takenSamples);
        while (samples > 0) {
            Piece first = taken.getFirst();
            int step = (int) Math.min(samples, first.pcm.remaining() / PcmFormat.BYTES_PER_SAMPLE);
            Piece done = first.first(step * PcmFormat.BYTES_PER_SAMPLE);
            if (!first.pcm.hasRemaining()) {
                taken.removeFirst();
            }
            samples -= step;
            takenSamples -= step;
            played += step;
            heard.samples(done.sounds, runPlayed);
            runPlayed += step;
            heardSamples += done.item == null ? 0 : step;
            boolean last = samples == 0 || taken.getFirst().item != done.item;
            if (done.item != null && last) {
                heard.item(done.item.id, done.offset + step);
            }
        }
    }

    /** The samples that would have played next, getting quieter. */
    private ByteBuffer fade() {
        ByteBuffer fade =
                ByteBuffer.allocate(fadeSamples * PcmFormat.BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
        for (Piece piece : taken) {
            piece.copyTo(fade);
        }
        int asLoudAsIs = fade.position() / PcmFormat.BYTES_PER_SAMPLE;
        for (Piece piece : waiting) {
            piece.copyTo(fade);
        }
        int samples = fade.flip().remaining() / PcmFormat.BYTES_PER_SAMPLE;
        for (int i = 0; i < samples; i++) {
            double gain = 0.5 + 0.5 * Math.cos(Math.PI * (i + 1) / (samples + 1));
            gain *= i < asLoudAsIs ? 1 : volume.at(played + i);
            fade.putShort(2 * i, (short) Math.round(fade.getShort(2 * i) * gain));
        }
        return fade;
    }

    private void forgetOldItems() {
        if (items.size() > KNOWN_ITEMS) {
            items.remove(items.keySet().iterator().next());
        }
    }

    /** One item of a reply: where its next piece begins, and half a sample that waits for its other half. */
    private static final class Item {
        private final String id;
        private long received;
        private @Nullable Byte half;

        Item(String id) {
            this.id = id;
        }

        ByteBuffer wholeSamples(ByteBuffer audio) {
            int bytes = audio.remaining() + (half == null ? 0 : 1);
            ByteBuffer pcm = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (half != null) {
                pcm.put(half);
            }
            pcm.put(audio.duplicate()).flip();
            half = null;
            if (bytes % PcmFormat.BYTES_PER_SAMPLE != 0) {
                half = pcm.get(bytes - 1);
                pcm.limit(bytes - 1);
            }
            return pcm;
        }
    }

    /**
     * Some samples of an item; of none, for a fade. {@code offset} is the place of the first one in the item, {@code sounds} what
     * the sink got for them.
     */
    private static final class Piece {
        private final @Nullable Item item;
        private final ByteBuffer pcm;
        private final ByteBuffer sounds;
        private long offset;

        Piece(@Nullable Item item, long offset, ByteBuffer pcm) {
            this(item, offset, pcm, pcm.duplicate());
        }

        private Piece(@Nullable Item item, long offset, ByteBuffer pcm, ByteBuffer sounds) {
            this.item = item;
            this.offset = offset;
            this.pcm = pcm;
            this.sounds = sounds;
        }

        /** Takes the first bytes off, as a piece of their own. */
        Piece first(int bytes) {
            Piece first = new Piece(item, offset, head(pcm, bytes), head(sounds, bytes));
            offset += bytes / PcmFormat.BYTES_PER_SAMPLE;
            return first;
        }

        /** The same samples, of which the sink got the first of these. */
        Piece sounding(ByteBuffer louderOrQuieter) {
            return new Piece(item, offset, pcm, head(louderOrQuieter, pcm.remaining()));
        }

        Piece asReceived() {
            return new Piece(item, offset, pcm);
        }

        void copyTo(ByteBuffer target) {
            if (item != null) {
                ByteBuffer copy = sounds.duplicate();
                copy.limit(copy.position() + Math.min(copy.remaining(), target.remaining()));
                target.put(copy);
            }
        }

        private static ByteBuffer head(ByteBuffer buffer, int bytes) {
            ByteBuffer head = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            head.limit(head.position() + bytes);
            buffer.position(buffer.position() + bytes);
            return head;
        }
    }
}
