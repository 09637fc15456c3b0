package dev.parley.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to be played, what the sink has taken, and what of each item was heard, to the sample.
 *
 * <p>All of it stands in one row, in the places that the sink counts: first what the sink has taken but not yet played,
 * then what waits for room in it. What was taken is kept, so that when the sink is flushed the part that was heard can be
 * told apart to the sample, and a fade can go on with the very next samples. A frame allocates nothing. Loop-confined.
 */
final class PlaybackQueue {

    /** Hears of what the sink has played, in order. */
    interface Heard {
        /**
         * Samples that were played, the fade after a cut included; {@code first} counts from the current run's start. The
         * buffer is good until the call returns.
         */
        void samples(ByteBuffer pcm16, long first);

        /** A new run begins: the sink was empty, and plays what it gets from now on. */
        void run();

        /** The position moved in an item that came over a connection, by its number. */
        void item(String itemId, int connection, long samples);
    }

    private static final int KNOWN_ITEMS = 256;
    /** Six hours at 24 kHz; an array holds no more than twice that. */
    static final long MOST_SAMPLES = 1L << 29;

    private final AudioSink sink;
    private final Heard heard;
    private final long room;
    private final int fadeSamples;
    private final Volume volume;
    private final SampleRing line = new SampleRing();
    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private final Map<String, Item> items = new LinkedHashMap<>();
    /** Over which items come now. */
    private int connection = 1;

    /** Behind the last sample that the sink has taken. What it has played is let go of: {@code line.start()}. */
    private long taken;

    /** Behind the fade of the last cut. */
    private long fadeEnd;

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
        this.room = Math.min(room / PcmFormat.BYTES_PER_SAMPLE, MOST_SAMPLES);
        this.fadeSamples = fadeSamples;
        this.volume = new Volume(fadeSamples);
    }

    /**
     * Queues a piece of an item.
     *
     * @param audio any number of bytes, left as they are; half a sample at its end waits for the item's next piece
     * @return false if there was not room for all of it; the rest is dropped and counted
     */
    boolean add(String itemId, ByteBuffer audio) {
        Item item = item(itemId);
        int position = audio.position();
        int half = item.takeHalf();
        int bytes = audio.remaining() + (half < 0 ? 0 : 1);
        int samples = bytes / PcmFormat.BYTES_PER_SAMPLE;
        int keep = (int) Math.min(samples, Math.max(0, room - (line.end() - line.start())));
        overflowed += (long) (samples - keep) * PcmFormat.BYTES_PER_SAMPLE;
        if (keep > 0) {
            stretch(item, keep);
            boolean joined = half >= 0;
            if (joined) {
                line.add((byte) half, audio.get());
            }
            line.add(audio, joined ? keep - 1 : keep);
        }
        item.received += samples;
        if (bytes % PcmFormat.BYTES_PER_SAMPLE != 0) {
            item.half = bytes == 1 && half >= 0 ? half : audio.get(audio.limit() - 1) & 0xFF;
        }
        audio.position(position);
        return keep == samples;
    }

    /** Sees what was played, and fills the sink. */
    void step() throws IOException {
        advance(sink.played());
        fill();
    }

    /**
     * Falls silent: what is unplayed is dropped, but for a fade of some milliseconds.
     *
     * @return whether anything was cut
     */
    boolean cut() throws IOException {
        if (!playing()) {
            strandHalves();
            return false;
        }
        advance(sink.flush());
        boolean cut = playing();
        unplayed += unplayedBytes();
        strandHalves();
        fade();
        stretches.clear();
        taken = line.start();
        fill();
        // a sink without room for all of the fade does without the rest of it
        line.dropFrom(taken);
        fadeEnd = taken;
        volume.set(1);
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
        taken = line.start();
        volume.change(gain, taken);
        step();
    }

    /** What was received plays on. What comes now is not of these items, even if it goes by their ids. */
    void onConnectionLost() {
        strandHalves();
        items.clear();
        connection++;
    }

    /** Whether something of an item has come over the connection that there is now. */
    boolean knows(String itemId) {
        return items.containsKey(itemId);
    }

    /** Forgets what is unplayed, for a sink that failed. */
    void drop() {
        unplayed += unplayedBytes();
        strandHalves();
        stretches.clear();
        line.dropFrom(line.start());
        taken = line.start();
        fadeEnd = taken;
        volume.set(1);
    }

    /** Whether audio of the agent is waiting or unplayed; the fade after a cut does not count. */
    boolean playing() {
        return unplayedBytes() > 0;
    }

    /** Whether the sink has nothing more to play, fades included. */
    boolean idle() {
        return line.end() == line.start();
    }

    /** Of the agent's audio, what was received and is not yet heard. */
    long unplayedBytes() {
        return (line.end() - Math.max(line.start(), fadeEnd)) * PcmFormat.BYTES_PER_SAMPLE;
    }

    /** Samples that the sink has taken and not yet played. */
    long takenSamples() {
        return taken - line.start();
    }

    boolean hasWaiting() {
        return line.end() > taken;
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

    private void fill() throws IOException {
        boolean room = true;
        while (room && hasWaiting()) {
            room = write();
        }
    }

    /** @return false if the sink has no room now */
    private boolean write() throws IOException {
        ByteBuffer offered = sounding(taken, line.end());
        int offeredBytes = offered.remaining();
        int bytes = sink.write(offered);
        if (bytes < 0 || bytes > offeredBytes || bytes % PcmFormat.BYTES_PER_SAMPLE != 0) {
            throw new IOException("the sink says that it took " + bytes + " of " + offeredBytes + " bytes");
        }
        if (bytes == 0) {
            return false;
        }
        if (taken == line.start()) {
            runPlayed = 0;
            heard.run();
        }
        taken += bytes / PcmFormat.BYTES_PER_SAMPLE;
        return true;
    }

    /** The first samples from a place on as the sink gets them, or got them: some of them, and one at least. */
    private ByteBuffer sounding(long from, long to) {
        boolean fading = from < fadeEnd;
        ByteBuffer received = line.from(from, fading ? Math.min(to, fadeEnd) : to);
        return fading || volume.isFull(from) ? received : volume.scaled(received, from);
    }

    /** A sink's word is checked: it cannot have played what it never got, and it does not go back. */
    private void advance(long position) {
        long target = Math.min(position, taken);
        while (line.start() < target) {
            long from = line.start();
            Stretch stretch = from < fadeEnd ? null : stretches.getFirst();
            ByteBuffer sounds = sounding(from, stretch == null ? target : Math.min(target, stretch.end));
            int step = sounds.remaining() / PcmFormat.BYTES_PER_SAMPLE;
            heard.samples(sounds, runPlayed);
            line.dropBefore(from + step);
            runPlayed += step;
            if (stretch != null) {
                heardSamples += step;
                if (from + step == stretch.end) {
                    stretches.removeFirst();
                }
                if (from + step == target || from + step == stretch.end) {
                    heard.item(stretch.item.id, stretch.item.connection, stretch.offset + from + step - stretch.start);
                }
            }
        }
    }

    /** Leaves the samples that would have played next, getting quieter. */
    private void fade() {
        long from = line.start();
        int samples = (int) Math.min(fadeSamples, line.end() - from);
        for (int i = 0; i < samples; i++) {
            double gain = 0.5 + 0.5 * Math.cos(Math.PI * (i + 1) / (samples + 1));
            gain *= from + i < fadeEnd ? 1 : volume.at(from + i);
            line.set(from + i, (short) Math.round(line.get(from + i) * gain));
        }
        line.dropFrom(from + samples);
        fadeEnd = line.end();
    }

    private Item item(String id) {
        Item known = items.get(id);
        if (known != null) {
            return known;
        }
        strandHalves();
        Item item = new Item(id, connection);
        items.put(id, item);
        if (items.size() > KNOWN_ITEMS) {
            items.remove(items.keySet().iterator().next());
        }
        return item;
    }

    /** Samples of an item come next in the row. */
    private void stretch(Item item, int samples) {
        Stretch last = stretches.peekLast();
        if (last == null || last.item != item || last.offset + last.end - last.start != item.received) {
            last = new Stretch(item, item.received, line.end());
            stretches.addLast(last);
        }
        last.end += samples;
    }

    /** Half samples whose other half may never come count as unplayed, until it does. */
    private void strandHalves() {
        for (Item item : items.values()) {
            if (item.half >= 0 && !item.stranded) {
                item.stranded = true;
                unplayed++;
            }
        }
    }

    /** One item of a reply: where its next piece begins, and half a sample that waits for its other half. */
    private final class Item {
        private final String id;
        private final int connection;
        private long received;
        /** A byte, or below zero for none. */
        private int half = -1;

        private boolean stranded;

        Item(String id, int connection) {
            this.id = id;
            this.connection = connection;
        }

        int takeHalf() {
            int taken = half;
            half = -1;
            if (stranded) {
                stranded = false;
                unplayed--;
            }
            return taken;
        }
    }

    /** Samples of one item that follow each other, in the item and in the row. */
    private static final class Stretch {
        private final Item item;
        /** The place in the item of its first sample. */
        private final long offset;

        private final long start;
        private long end;

        Stretch(Item item, long offset, long start) {
            this.item = item;
            this.offset = offset;
            this.start = start;
            this.end = start;
        }
    }
}
