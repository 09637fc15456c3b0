package dev.parley.audio.internal;

import dev.parley.audio.PcmFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import org.jspecify.annotations.Nullable;

/** The machine's microphones and loudspeakers, as the Java runtime sees them. */
public final class SoundDevices {
    private SoundDevices() {}

    /** The names of the devices that have lines of a kind. */
    public static List<String> names(Class<? extends DataLine> kind) {
        List<String> names = new ArrayList<>();
        for (Mixer.Info info : AudioSystem.getMixerInfo()) {
            if (AudioSystem.getMixer(info).isLineSupported(new DataLine.Info(kind, null))) {
                names.add(info.getName());
            }
        }
        return names;
    }

    /**
     * A line that is not open yet.
     *
     * @param what how messages call it: {@code microphone} or {@code loudspeaker}
     * @param name part of a device's name in any case, or null for the system's choice
     * @throws IOException in one sentence, if there is none
     */
    public static <L extends DataLine> L line(Class<L> kind, String what, PcmFormat format, @Nullable String name)
            throws IOException {
        List<String> names = names(kind);
        if (names.isEmpty()) {
            throw new IOException("this machine has no " + what + " that Java can use: connect one, or take audio from"
                    + " a file (WavFile) and play it to memory (AudioSink.inMemory)");
        }
        DataLine.Info wanted = new DataLine.Info(kind, format(format));
        try {
            if (name == null) {
                return kind.cast(AudioSystem.getLine(wanted));
            }
            for (Mixer.Info info : AudioSystem.getMixerInfo()) {
                Mixer mixer = AudioSystem.getMixer(info);
                if (contains(info.getName(), name) && mixer.isLineSupported(wanted)) {
                    return kind.cast(mixer.getLine(wanted));
                }
            }
        } catch (LineUnavailableException e) {
            throw unavailable(what, format, e);
        } catch (IllegalArgumentException e) {
            throw cannot(what, format, names, e);
        }
        if (names.stream().noneMatch(each -> contains(each, name))) {
            throw new IOException("no " + what + " is called \"" + name + "\": there are " + quoted(names));
        }
        throw cannot(what, format, names, null);
    }

    /** A line that is there and does not open: Java does not tell one reason from the other. */
    public static IOException unavailable(String what, PcmFormat format, LineUnavailableException cause) {
        return new IOException(
                "the " + what + " does not open at " + format.sampleRate()
                        + " Hz: close the program that uses it, or choose another rate",
                cause);
    }

    /** PCM16 little-endian mono. */
    public static AudioFormat format(PcmFormat format) {
        return new AudioFormat(format.sampleRate(), 16, 1, true, false);
    }

    private static IOException cannot(String what, PcmFormat format, List<String> names, @Nullable Exception cause) {
        return new IOException(
                "no " + what + " takes PCM16 mono at " + format.sampleRate() + " Hz: choose another of " + quoted(names)
                        + ", or another rate",
                cause);
    }

    private static boolean contains(String name, String part) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static String quoted(List<String> names) {
        return "\"" + String.join("\", \"", names) + "\"";
    }
}
