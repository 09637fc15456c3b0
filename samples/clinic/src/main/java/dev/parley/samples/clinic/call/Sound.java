package dev.parley.samples.clinic.call;

import dev.parley.testkit.Recording;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Turn;

/** How a script's words sound where it does not say: a tone about as long as the words. */
final class Sound {
    private Sound() {}

    static Recording of(Turn turn) {
        return turn.audio() == null ? Recording.toneFor(turn.hear()) : turn.audio();
    }

    static Recording of(Speech speech) {
        return speech.audio() == null ? Recording.toneFor(speech.text()) : speech.audio();
    }
}
