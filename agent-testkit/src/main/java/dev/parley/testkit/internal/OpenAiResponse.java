package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Fault;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.internal.OpenAiEvents.Place;
import dev.parley.testkit.internal.OpenAiItems.Item;
import dev.parley.testkit.internal.OpenAiUsage.Tokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One response of OpenAI's, from {@code response.created} to {@code response.done}: messages and calls as its steps say, each
 * with its whole sequence of events. Confined to the connection's monitor.
 */
final class OpenAiResponse implements PacedSpeech.Sink, LatestReply.Reply {
    private static final int ARGUMENT_PIECE = 16;

    /** What a response needs, and whom it tells. */
    interface Host {
        OpenAiItems items();

        Map<String, Call> makeCalls(Calls calls, String where);

        /** Something was said or called. Once for each response. */
        void onFirstOutput(OpenAiResponse response);

        /** It came to its end by itself. */
        void onDone(OpenAiResponse response);

        void mismatch(String message);
    }

    /** What all responses of a connection share. */
    record Stage(
            String conversationId,
            OpenAiEvents events,
            Wire wire,
            Clock clock,
            double speed,
            OpenAiUsage usage,
            OpenAiRateLimits limits) {}

    private final String id;
    private final Stage stage;
    private final OpenAiEvents events;
    private final ResponseSettings settings;
    private final Deque<Step> steps;
    private final String where;
    private final Host host;
    private final Set<Fault> faults;
    private final FaultyWire out;
    private final Tokens input;
    private final List<Item> said = new ArrayList<>();
    private final ArrayNode output = Json.object().putArray("output");
    private boolean created;
    private boolean begun;
    private boolean doneSent;
    private @Nullable PacedSpeech speaking;
    private @Nullable PacedSpeech latest;
    private @Nullable Item message;
    private Place place;
    private Clock.@Nullable Timer thinking;

    /** @param where the turn, for messages */
    OpenAiResponse(Stage stage, ResponseSettings settings, List<Step> steps, String where, Host host) {
        this.stage = stage;
        this.events = stage.events();
        this.settings = settings;
        this.steps = new ArrayDeque<>(steps);
        this.where = where;
        this.host = host;
        this.id = events.ids().newResponse();
        this.place = new Place(id, "", 0);
        this.faults = faultsOf(steps);
        this.out = new FaultyWire(stage.wire(), faults);
        Tokens context = settings.hasInput()
                ? OpenAiUsage.ofText(settings.inputChars())
                : OpenAiUsage.of(host.items().all());
        Tokens instructions = OpenAiUsage.ofText(settings.instructionChars());
        this.input = new Tokens(context.text() + instructions.text(), context.audio());
    }

    private static Set<Fault> faultsOf(List<Step> steps) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Step step : steps) {
            if (step instanceof Speech speech) {
                faults.addAll(speech.faults());
            } else if (step instanceof Calls calls) {
                faults.addAll(calls.faults());
            }
        }
        return faults;
    }

    void start() {
        if (!faults.contains(Fault.CREATED_LATE)) {
            create();
        }
        next();
    }

    private void create() {
        if (!created) {
            created = true;
            out.send(events.response("response.created", json("in_progress", null)));
            out.send(events.rateLimits(stage.limits().onResponse()));
        }
    }

    private void next() {
        while (!steps.isEmpty()) {
            Step step = steps.removeFirst();
            if (step instanceof Speech speech) {
                speak(speech);
                return;
            } else if (step instanceof Calls calls) {
                call(calls);
            } else if (step instanceof RawMessage raw) {
                stage.wire().send(raw.text());
            } else if (step instanceof Pause pause) {
                thinking = stage.wire().schedule(pause.length(), () -> {
                    thinking = null;
                    next();
                });
                return;
            }
        }
        done("completed", null);
        host.onDone(this);
    }

    private void speak(Speech speech) {
        noteUncut();
        Item item = added(Json.object().put("type", "message").put("role", "assistant"), "content");
        message = item;
        ObjectNode content = item.json().putArray("content").addObject();
        content.put("type", settings.spoken() ? "output_audio" : "output_text")
                .put(settings.spoken() ? "transcript" : "text", "");
        out.send(events.contentPart("response.content_part.added", place, part("")));
        PacedSpeech paced = new PacedSpeech(speech, stage.speed(), stage.wire(), stage.clock(), this);
        speaking = paced;
        latest = paced;
        paced.start();
    }

    @Override
    public void piece(byte[] pcm16, String words) {
        PacedSpeech paced = speaking;
        Item item = message;
        if (paced == null || item == null) {
            return;
        }
        if (settings.spoken()) {
            if (pcm16.length > 0) {
                item.audio(paced.pcm16(), paced.sentBytes());
                out.send(events.audioDelta(place, pcm16));
            }
            if (!words.isEmpty()) {
                out.send(events.words("response.output_audio_transcript.delta", place, "delta", words));
            }
        } else if (!words.isEmpty()) {
            out.send(events.words("response.output_text.delta", place, "delta", words));
        }
        content(item).put(settings.spoken() ? "transcript" : "text", paced.sentWords());
        create();
        first();
        if (OpenAiUsage.of(said).total() > settings.maxTokens()) {
            cut("incomplete", "max_output_tokens");
            host.onDone(this);
        }
    }

    @Override
    public void end() {
        endMessage("completed");
        next();
    }

    private void endMessage(String status) {
        PacedSpeech paced = speaking;
        Item item = message;
        if (paced == null || item == null) {
            return;
        }
        paced.stop();
        speaking = null;
        String words = paced.sentWords();
        if (settings.spoken()) {
            out.send(events.audioDone(place));
            out.send(events.words("response.output_audio_transcript.done", place, "transcript", words));
        } else {
            out.send(events.words("response.output_text.done", place, "text", words));
        }
        out.send(events.contentPart("response.content_part.done", place, part(words)));
        finished(item, status);
    }

    private void call(Calls calls) {
        noteUncut();
        if (faults.contains(Fault.DONE_EARLY)) {
            sendDone("completed", null);
        }
        host.makeCalls(calls, where).forEach(this::call);
    }

    private void call(String callId, Call call) {
        ObjectNode json = Json.object()
                .put("type", "function_call")
                .put("name", call.name())
                .put("call_id", callId);
        Item item = added(json.put("arguments", ""), null);
        for (String piece : TextPieces.of(call.argumentsJson(), ARGUMENT_PIECE)) {
            out.send(events.argumentsDelta(place, callId, piece));
        }
        String name = faults.contains(Fault.NAME_ELSEWHERE) ? null : call.name();
        out.send(events.argumentsDone(place, callId, name, call.argumentsJson()));
        if (faults.contains(Fault.REPEATED_CALLS)) {
            out.send(events.argumentsDone(place, callId, name, call.argumentsJson()));
        }
        item.json().put("arguments", call.argumentsJson());
        finished(item, "completed");
        create();
        first();
    }

    /** Begins an item of the output, and of the conversation unless this response is out of band. */
    private Item added(ObjectNode json, @Nullable String emptyList) {
        Item item = new Item(Json.object()
                .put("id", events.ids().newItem())
                .put("object", "realtime.item")
                .put("status", "in_progress")
                .setAll(json));
        if (emptyList != null) {
            item.json().putArray(emptyList);
        }
        place = new Place(id, item.id(), said.size());
        said.add(item);
        out.send(events.outputItem("response.output_item.added", place, item.json()));
        if (!settings.outOfBand()) {
            String previous = host.items().add(item);
            out.send(events.item("conversation.item.added", previous, item.json()));
        }
        return item;
    }

    private void finished(Item item, String status) {
        item.json().put("status", status);
        output.add(item.json().deepCopy());
        out.send(events.outputItem("response.output_item.done", place, item.json()));
        if (!settings.outOfBand()) {
            int index = host.items().all().indexOf(item);
            String previous = index > 0 ? host.items().all().get(index - 1).id() : null;
            out.send(events.item("conversation.item.done", previous, item.json()));
        }
    }

    private static ObjectNode content(Item item) {
        return (ObjectNode) item.json().path("content").path(0);
    }

    private ObjectNode part(String words) {
        return settings.spoken()
                ? Json.object().put("type", "audio").put("transcript", words)
                : Json.object().put("type", "text").put("text", words);
    }

    private void first() {
        if (!begun) {
            begun = true;
            host.onFirstOutput(this);
        }
    }

    /** Ends it where it is. */
    void cut(String status, String reason) {
        stop();
        endMessage("incomplete");
        done(status, reason);
    }

    private void done(String status, @Nullable String reason) {
        create();
        sendDone(status, reason);
        if (faults.contains(Fault.LATE_AUDIO) && latest != null && settings.spoken()) {
            out.send(events.audioDelta(place, latest.latePiece()));
        }
    }

    private void sendDone(String status, @Nullable String reason) {
        if (!doneSent) {
            doneSent = true;
            out.send(events.response("response.done", json(status, reason)));
        }
    }

    private ObjectNode json(String status, @Nullable String reason) {
        ObjectNode response =
                Json.object().put("object", "realtime.response").put("id", id).put("status", status);
        if (reason == null) {
            response.putNull("status_details");
        } else {
            response.putObject("status_details").put("type", status).put("reason", reason);
        }
        response.set("output", output.deepCopy());
        response.put("conversation_id", settings.outOfBand() ? null : stage.conversationId());
        settings.describe(response);
        if (status.equals("in_progress")) {
            response.putNull("usage");
        } else {
            ObjectNode usage = stage.usage().of(input, OpenAiUsage.of(said));
            stage.limits().used(usage.path("total_tokens").asLong());
            response.set("usage", usage);
        }
        return response;
    }

    /** A speech of it that the caller should have cut short came to its end. */
    private void noteUncut() {
        if (mustBeCut()) {
            host.mismatch(where + ": a reply that the caller should cut short was not interrupted");
            latest = null;
        }
    }

    /** Sends no more of it. */
    void stop() {
        if (thinking != null) {
            thinking.cancel();
            thinking = null;
        }
        if (speaking != null) {
            speaking.stop();
        }
    }

    String id() {
        return id;
    }

    @Override
    public String where() {
        return where;
    }

    boolean outOfBand() {
        return settings.outOfBand();
    }

    /** Whether the model's voice was heard. */
    boolean audioSent() {
        return settings.spoken() && latest != null && latest.begun();
    }

    @Override
    public boolean mustBeCut() {
        return latest != null && latest.speech().interrupted();
    }

    /** Whether the caller should speak now. */
    boolean waitsForCut() {
        return speaking != null && mustBeCut() && speaking.begun();
    }

    /** Whether some of its steps were not reached. */
    boolean stepsLeft() {
        return !steps.isEmpty();
    }

    @Override
    public boolean audible() {
        return latest != null && latest.audible();
    }
}
