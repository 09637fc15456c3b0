package dev.parley.core.internal;

import dev.parley.core.Interruption;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.provider.Dialect;
import org.jspecify.annotations.Nullable;

/** Cuts what is spoken on one connection, and what plays still of replies that are done. Confined to the loop. */
final class Interrupter {
    /** Begins the ids of the events that cut items, so that an error that answers one is known. */
    private static final String CUT = "parley_cut_";

    private final Shared session;
    private final Dialect dialect;
    private final ReplyTracker replies;
    private final ResponseGate gate;
    private final Farewell farewell;
    private final EventIds ids = new EventIds(CUT);

    /** Whether parts are being told of an event, and whether one of them said meanwhile that the caller spoke. */
    private boolean telling;

    private boolean callerSpokeMeanwhile;

    Interrupter(Shared session, ReplyTracker replies, ResponseGate gate, Farewell farewell) {
        this.session = session;
        this.dialect = session.dialect();
        this.replies = replies;
        this.gate = gate;
        this.farewell = farewell;
    }

    /** Whether an error that names this event is about the cutting of an item. */
    static boolean isCut(@Nullable String eventId) {
        return eventId != null && eventId.startsWith(CUT);
    }

    /**
     * Tells everybody of an event. Whoever is told of it after the part that interrupts must not get a piece of a reply that was
     * cut: so that part is heeded once all were told, in the same task of the loop.
     */
    void tell(ServerEvent event) {
        telling = true;
        try {
            session.audience().event(event);
        } finally {
            telling = false;
            if (callerSpokeMeanwhile) {
                callerSpokeMeanwhile = false;
                interrupt(Interruption.Cause.CALLER_SPOKE, true);
            }
        }
    }

    /** A part found out that the caller speaks. */
    void callerSpoke() {
        if (telling) {
            callerSpokeMeanwhile = true;
        } else {
            interrupt(Interruption.Cause.CALLER_SPOKE, true);
        }
    }

    /**
     * First the sound, then the provider, then what was heard of it.
     *
     * @param providerMustBeTold whether it does not know yet
     */
    void interrupt(Interruption.Cause cause, boolean providerMustBeTold) {
        long began = session.clock().nanoTime();
        if (cause == Interruption.Cause.CALLER_SPOKE) {
            farewell.onCallerSpoke();
        } else {
            farewell.cancel();
        }
        boolean wasPlaying = session.audience().silence(cause);
        boolean wasActive = replies.active();
        if (!wasPlaying && !wasActive && !replies.items().isPlaying()) {
            return;
        }
        if (cause == Interruption.Cause.CALLER_SPOKE) {
            session.stopwatches().onSilence(began);
        }
        boolean inConversation = replies.activeInConversation();
        String response = wasActive
                ? replies.current()
                : replies.items().responseOf(replies.items().lastHeard());
        if (wasActive) {
            if (inConversation) {
                gate.onReplyCut();
                if (providerMustBeTold) {
                    cancelAtServer(null);
                }
            }
            // Those outside of the conversation no server cancels by itself, or without being told which.
            for (String beside : replies.cancel()) {
                cancelAtServer(beside);
            }
        }
        for (SpokenItems.Unheard rest : replies.items().flushed(wasPlaying)) {
            session.conversation().onCut(rest.itemId(), rest.responseId(), rest.heard(), rest.received());
            if (dialect.truncates()) {
                session.outgoing().send(new ClientEvent.TruncateItem(rest.itemId(), rest.heard()), ids.next());
            }
        }
        boolean knownItem = replies.items().lastHeard() != null && (!wasActive || replies.lastHeardIsCurrent());
        String item = knownItem ? replies.items().lastHeard() : null;
        session.audience()
                .interrupted(
                        new Interruption(cause, response, item, replies.items().heardOf(item)));
    }

    /** @param response null for the one that is being spoken in the conversation */
    void cancelAtServer(@Nullable String response) {
        if (dialect.cancels()) {
            session.outgoing().send(new ClientEvent.CancelResponse(response));
        }
    }
}
