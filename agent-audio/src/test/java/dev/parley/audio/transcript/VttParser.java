package dev.parley.audio.transcript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A strict reader of the part of WebVTT that captions use, written from the format's grammar alone. */
final class VttParser {
    record Cue(Duration from, Duration to, String speaker, String text) {}

    private static final Pattern TIMING = Pattern.compile(
            "(\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3}) --> (\\d{2,}):([0-5]\\d):([0-5]\\d)\\.(\\d{3})");
    private static final Pattern VOICE = Pattern.compile("<v ([^<>&]|&[a-z]+;)+>");

    private VttParser() {}

    static List<Cue> parse(String file) {
        require(!file.contains("\0") && !file.contains("\r"), "no NUL and one kind of line end");
        List<String> lines = file.lines().toList();
        require(!lines.isEmpty() && lines.get(0).equals("WEBVTT"), "begins with WEBVTT");
        List<Cue> cues = new ArrayList<>();
        int at = 1;
        while (at < lines.size()) {
            require(lines.get(at).isEmpty(), "an empty line before each cue, line " + (at + 1));
            require(at + 2 < lines.size(), "a cue has timing and text, line " + (at + 1));
            Matcher timing = TIMING.matcher(lines.get(at + 1));
            require(timing.matches(), "timing, line " + (at + 2));
            Duration from = time(timing, 1);
            Duration to = time(timing, 5);
            require(to.compareTo(from) > 0, "a cue ends after it begins, line " + (at + 2));
            require(
                    cues.isEmpty() || from.compareTo(cues.get(cues.size() - 1).from()) >= 0,
                    "cues in the order of their beginnings, line " + (at + 2));
            cues.add(cue(from, to, lines.get(at + 2)));
            at += 3;
        }
        return cues;
    }

    private static Cue cue(Duration from, Duration to, String payload) {
        Matcher voice = VOICE.matcher(payload);
        require(voice.lookingAt(), "a voice tag: " + payload);
        String text = payload.substring(voice.end());
        require(!text.isEmpty() && !text.contains("-->") && !text.contains("<"), "plain text: " + text);
        require(text.replaceAll("&(amp|lt|gt);", "").indexOf('&') < 0, "known references only: " + text);
        String speaker = payload.substring(3, voice.end() - 1);
        return new Cue(from, to, unescaped(speaker), unescaped(text));
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static Duration time(Matcher timing, int group) {
        return Duration.ofHours(Long.parseLong(timing.group(group)))
                .plusMinutes(Long.parseLong(timing.group(group + 1)))
                .plusSeconds(Long.parseLong(timing.group(group + 2)))
                .plusMillis(Long.parseLong(timing.group(group + 3)));
    }

    private static void require(boolean held, String rule) {
        if (!held) {
            throw new AssertionError("not WebVTT: " + rule);
        }
    }
}
