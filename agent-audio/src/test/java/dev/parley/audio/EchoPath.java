package dev.parley.audio;

import java.nio.ByteBuffer;
import java.time.Duration;

/** A microphone that hears what a sink plays, over one way or many, and the caller beside it if there is one. */
final class EchoPath implements AudioSource {
    private final EchoedCall call;
    private final int[] delays;
    private final double[] gains;
    private short[] caller = {};
    private int callerFrom;
    private int at;

    /** @param delays of each way, in samples */
    EchoPath(EchoedCall call, int[] delays, double[] gains) {
        this.call = call;
        this.delays = delays;
        this.gains = gains;
    }

    /** @param response what is heard of one sample of 1, after so long */
    static EchoPath of(EchoedCall call, Duration delay, double[] response) {
        int[] delays = new int[response.length];
        for (int i = 0; i < delays.length; i++) {
            delays[i] = (int) call.sink.format().samples(delay) + i;
        }
        return new EchoPath(call, delays, response);
    }

    /** The same response, with the energy of its echo so many decibels below what is played. */
    static double[] quieterBy(double decibels, double[] response) {
        double energy = 0;
        for (double tap : response) {
            energy += tap * tap;
        }
        double[] scaled = new double[response.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = response[i] * Math.pow(10, -decibels / 20) / Math.sqrt(energy);
        }
        return scaled;
    }

    /** @param from after how long the caller begins to speak */
    EchoPath with(short[] voice, Duration from) {
        caller = voice;
        callerFrom = (int) call.sink.format().samples(from);
        return this;
    }

    @Override
    public PcmFormat format() {
        return call.sink.format();
    }

    @Override
    public int read(ByteBuffer target) {
        short[] line = Pcm.samples(call.sink.timeline());
        // nothing is there before its time
        int samples = (int) Math.min(target.remaining() / 2, call.now() - at);
        for (int i = 0; i < samples; i++, at++) {
            double heard = at >= callerFrom && at - callerFrom < caller.length ? caller[at - callerFrom] : 0;
            for (int way = 0; way < delays.length; way++) {
                int from = at - delays[way];
                heard += from >= 0 && from < line.length ? gains[way] * line[from] : 0;
            }
            short sample = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(heard)));
            target.put((byte) sample).put((byte) (sample >> 8));
        }
        return 2 * samples;
    }

    @Override
    public void close() {}
}
