package dev.parley.core.internal;

import dev.parley.core.UnsupportedByProviderException;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import dev.parley.core.provider.Dialect;
import java.util.List;
import java.util.Locale;

/** Refuses what a dialect does not have, with a sentence, before anything is sent. */
final class Capabilities {
    private Capabilities() {}

    /** @throws UnsupportedByProviderException if the provider would ignore or refuse this event */
    static void check(Dialect dialect, ClientEvent event) {
        String name = dialect.name();
        if (event instanceof ClientEvent.CreateResponse create) {
            require(
                    dialect.acceptsResponseCreate(),
                    name
                            + " ignores response.create in this mode, so the agent cannot be asked to speak: it replies when"
                            + " the caller has spoken");
            require(
                    create.options() == null || dialect.takesResponseOptions(),
                    name + " takes no options for a reply: ask for one with requestResponse()");
        } else if (event instanceof ClientEvent.Message) {
            require(
                    dialect.takesText(),
                    name + " takes no text from the user: send the caller's voice with appendAudio");
        } else if (event instanceof ClientEvent.CommitAudio || event instanceof ClientEvent.ClearAudio) {
            require(
                    dialect.takesCommit(),
                    name + " finds the caller's turns by itself and ignores input_audio_buffer.commit and .clear");
        } else if (event instanceof ClientEvent.CancelResponse) {
            require(
                    dialect.cancels(),
                    name + " has no response.cancel: call interrupt(), which silences the reply all the same");
        } else if (event instanceof ClientEvent.TruncateItem) {
            require(
                    dialect.truncates(),
                    name
                            + " has no conversation.item.truncate: it needs none, just drop the audio that was not played");
        } else if (event instanceof ClientEvent.SessionUpdate update) {
            require(
                    !dialect.locksConfiguration(),
                    name + " fixes the configuration once the session is ready: set it on the agent");
            check(dialect, update.config().settings());
        }
    }

    /**
     * @throws UnsupportedByProviderException if the provider has no such setting
     * @throws IllegalArgumentException if the settings' extra is not a JSON object, or says who ends turns
     */
    static void check(Dialect dialect, SessionSettings settings) {
        for (Setting setting : settings.mentioned()) {
            require(
                    dialect.settings().contains(setting),
                    dialect.name() + " has no setting for "
                            + setting.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                            + ": leave it out of the agent's settings");
        }
        // Written once here, so that a fault shows to whoever made it and not on the loop.
        var unused = SessionJson.of(dialect, new SessionConfig(null, null, List.of(), settings), null);
    }

    private static void require(boolean has, String otherwise) {
        if (!has) {
            throw new UnsupportedByProviderException(otherwise);
        }
    }
}
