package dev.parley.audio;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.spi.MixerProvider;

/** The sound devices of a machine that has none: those that a test has plugged in. The Java runtime finds this class as a service. */
public final class MadeUpMixers extends MixerProvider {

    /** @param line what it gives; its kind is the only one that it has, at 24 kHz only */
    private record Device(Mixer.Info info, Line line) {}

    private static final List<Device> PLUGGED_IN = new ArrayList<>();

    static void plugIn(String name, Line line) {
        PLUGGED_IN.add(new Device(new Mixer.Info(name, "a test's", "made up", "1") {}, line));
    }

    static void unplugAll() {
        PLUGGED_IN.clear();
    }

    @Override
    public Mixer.Info[] getMixerInfo() {
        return PLUGGED_IN.stream().map(Device::info).toArray(Mixer.Info[]::new);
    }

    @Override
    public Mixer getMixer(Mixer.Info wanted) {
        for (Device device : PLUGGED_IN) {
            if (device.info().equals(wanted)) {
                return mixer(device);
            }
        }
        throw new IllegalArgumentException("none of the test's");
    }

    private static Mixer mixer(Device device) {
        return (Mixer) Proxy.newProxyInstance(
                Mixer.class.getClassLoader(),
                new Class<?>[] {Mixer.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMixerInfo" -> device.info();
                    case "isLineSupported" -> has(device, (DataLine.Info) arguments[0]);
                    case "getLine" -> {
                        if (device.info().getName().contains("busy")) {
                            throw new LineUnavailableException("no");
                        }
                        yield device.line();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static boolean has(Device device, DataLine.Info wanted) {
        return wanted.getLineClass().isInstance(device.line())
                && (wanted.getFormats().length == 0
                        || wanted.getFormats()[0] == null
                        || wanted.getFormats()[0].getSampleRate() == 24_000);
    }
}
