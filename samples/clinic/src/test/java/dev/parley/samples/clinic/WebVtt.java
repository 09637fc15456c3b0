package dev.parley.samples.clinic;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads WebVTT by its grammar, as far as captions with voices use it; anything else is an error. */
final class WebVtt {
    private static final Pattern TIMING = Pattern.compile(
            "(\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3})" + " --> (\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3})");
    private static final Pattern VOICE = Pattern.compile("<v ([^<>&]+)>([^<>]*)");

    private WebVtt() {}

    /** One caption. */
    record Cue(long startMillis, long endMillis, String voice, String text) {}

    static List<Cue> parse(String file) {
        String[] blocks = file.strip().split("\n\n+", -1);
        if (!blocks[0].equals("WEBVTT")) {
            throw new IllegalArgumentException("no WEBVTT signature");
        }
        List<Cue> cues = new ArrayList<>();
        for (int i = 1; i < blocks.length; i++) {
            String[] lines = blocks[i].split("\n", -1);
            Matcher timing = TIMING.matcher(lines[0]);
            Matcher voice = VOICE.matcher(lines.length == 2 ? lines[1] : "");
            if (!timing.matches() || !voice.matches()) {
                throw new IllegalArgumentException("not a cue: " + blocks[i]);
            }
            cues.add(new Cue(millis(timing, 1), millis(timing, 5), voice.group(1), voice.group(2)));
        }
        return cues;
    }

    private static long millis(Matcher timing, int first) {
        return ((Long.parseLong(timing.group(first)) * 60 + Long.parseLong(timing.group(first + 1))) * 60
                                + Long.parseLong(timing.group(first + 2)))
                        * 1000
                + Long.parseLong(timing.group(first + 3));
    }
}
