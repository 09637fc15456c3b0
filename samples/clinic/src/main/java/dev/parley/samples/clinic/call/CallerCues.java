package dev.parley.samples.clinic.call;

import dev.parley.audio.Playback;
import dev.parley.core.SessionListener;
import dev.parley.core.VoiceSession;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ServerEvent.FunctionCallArguments;
import dev.parley.core.event.ServerEvent.Item;
import dev.parley.core.event.ServerEvent.OutputAudio;
import dev.parley.core.event.ServerEvent.ResponseCreated;
import dev.parley.core.event.ServerEvent.ResponseDone;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells a caller when the agent begins to reply, and when the reply has been heard. For one session. */
final class CallerCues implements SessionListener {
    private final Caller caller;
    private @Nullable String sounding;
    /** A response that calls tools is not the reply yet: that comes after the outputs. */
    private boolean calls;

    CallerCues(Caller caller) {
        this.caller = caller;
    }

    @Override
    public void onEvent(VoiceSession session, ServerEvent event) {
        if (event instanceof ResponseCreated) {
            calls = false;
        } else if (event instanceof FunctionCallArguments) {
            calls = true;
        } else if (event instanceof OutputAudio audio) {
            replySounds(session, audio);
        } else if (event instanceof ResponseDone done
                && !calls
                && done.output().stream().noneMatch(Item::isFunctionCall)) {
            // the provider is done long before the caller has heard the reply
            session.part(Playback.class).drained().thenRun(caller::agentFinished);
        }
    }

    private void replySounds(VoiceSession session, OutputAudio audio) {
        String item = audio.itemId() == null ? audio.responseId() : audio.itemId();
        if (item != null && !Objects.equals(item, sounding)) {
            sounding = item;
            Playback playback = session.part(Playback.class);
            caller.agentReplies(() -> playback.heard(item));
        }
    }
}
