package dev.parley.samples.clinic.call;

import java.nio.file.Path;

/** What a call leaves behind, in one folder. */
record CallFiles(Path folder) {
    /** One JSON object a line, one line an entry of the conversation. */
    Path transcript() {
        return folder.resolve("transcript.jsonl");
    }

    /** WebVTT: both sides, timed to the recording. */
    Path captions() {
        return folder.resolve("captions.vtt");
    }

    /** Stereo: the caller left, the agent as heard right. */
    Path recording() {
        return folder.resolve("call.wav");
    }
}
