package dev.parley.testkit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.Clock;
import dev.parley.testkit.Report;
import dev.parley.testkit.Turn;
import dev.parley.testkit.Violation;
import dev.parley.testkit.Violation.Kind;
import dev.parley.testkit.internal.OpenAiItems.Item;
import dev.parley.testkit.internal.ScriptedConnection.Beginning;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script on one connection, as OpenAI's Realtime interface has it: session, audio buffer, items and responses.
 * What is said is {@link OpenAiModel}'s. Confined to the connection's monitor.
 */
final class OpenAiConversation implements Conversation {
    private static final int SAMPLES_A_MS = 24;
    private static final int LEAST_COMMIT_MS = 100;
    private static final int LARGEST_APPEND = 15 << 20;
    private static final int QUIET_KEPT_MS = 11_000;

    private final RehearsalSettings settings;
    private final Wire wire;
    private final Findings findings = new Findings();
    private final OpenAiEvents events = new OpenAiEvents();
    private final OpenAiItems items = new OpenAiItems();
    private final InputBuffer buffer = new InputBuffer();
    private final OpenAiSession session;
    private final OpenAiTranscripts transcripts;
    private final OpenAiModel model;
    private final Ear ear;
    private final String conversationId;
    private String userItemId = "";
    private Clock.@Nullable Timer expiry;

    OpenAiConversation(RehearsalSettings settings, Beginning beginning, Wire wire) {
        this.settings = settings;
        this.wire = wire;
        Clock clock = settings.clock();
        int number = beginning.index() + 1;
        this.conversationId = "conv_" + number;
        this.session = new OpenAiSession(
                "sess_" + number,
                beginning.handshake().model(),
                settings.silenceMs(),
                clock.instant().plus(settings.sessionLimit()),
                beginning.locked());
        CallerAudioCheck check = new CallerAudioCheck(
                settings.script(),
                beginning.place().turns(),
                message -> findings.add(new Violation(Kind.CALLER_AUDIO_DIFFERS, message)));
        this.ear = new Ear(settings.silenceMs(), check, this::onChange);
        ear.detect(session.findsTurns(), session.silence());
        this.transcripts = new OpenAiTranscripts(session, events, wire);
        OpenAiResponse.Stage stage = new OpenAiResponse.Stage(
                conversationId, events, wire, clock, settings.speed(), new OpenAiUsage(), new OpenAiRateLimits(clock));
        this.model = new OpenAiModel(settings, beginning.place(), stage, items, transcripts, findings, ear::speaking);
    }

    @Override
    public void begin() {
        expiry = wire.schedule(settings.sessionLimit(), this::expire);
        wire.send(events.session("session.created", session.json()));
        wire.send(events.conversationCreated(conversationId));
    }

    private void expire() {
        String message = "Your session hit the maximum duration of " + spelled(settings.sessionLimit()) + ".";
        wire.send(events.error("invalid_request_error", "session_expired", message, null, null));
        model.handOver();
        wire.hangUp(1001, message, model.place());
    }

    private static String spelled(Duration limit) {
        return limit.toSecondsPart() == 0 && limit.toMillisPart() == 0
                ? limit.toMinutes() + " minutes"
                : String.format(Locale.ROOT, "%s seconds", limit.toMillis() / 1_000.0);
    }

    @Override
    public void onMessage(ObjectNode message) {
        String eventId = message.path("event_id").textValue();
        try {
            switch (OpenAiShapes.checked(message)) {
                case "session.update" -> onUpdate(message.path("session"));
                case "input_audio_buffer.append" ->
                    onAppend(pcm16(message.path("audio").textValue()));
                case "input_audio_buffer.commit" -> onCommit();
                case "input_audio_buffer.clear" -> onClear();
                case "conversation.item.create" -> onItem(message);
                case "conversation.item.retrieve" -> wire.send(events.itemRetrieved(items.retrieve(itemId(message))));
                case "conversation.item.delete" -> {
                    items.delete(itemId(message));
                    wire.send(events.event("conversation.item.deleted")
                            .put("item_id", itemId(message))
                            .toString());
                }
                case "conversation.item.truncate" -> onTruncate(message);
                case "response.create" -> onCreate(message.path("response"), eventId);
                default -> onCancel(message.path("response_id").textValue(), eventId);
            }
        } catch (Breach breach) {
            findings.add(breach.violation());
            wire.send(events.error(breach, eventId));
        }
    }

    private static String itemId(ObjectNode message) {
        return message.path("item_id").textValue();
    }

    @Override
    public void refuse(Violation violation) {
        findings.add(violation);
        String code = violation.kind().name().toLowerCase(Locale.ROOT);
        wire.send(events.error("invalid_request_error", code, violation.message(), null, null));
    }

    private void onUpdate(JsonNode change) throws Breach {
        session.update(change, model.audioSent(), model.responding());
        ear.detect(session.findsTurns(), session.silence());
        wire.send(events.session("session.updated", session.json()));
    }

    private static byte[] pcm16(String audio) throws Breach {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(audio);
        } catch (IllegalArgumentException e) {
            throw new Breach(
                    Kind.BAD_BASE64, "invalid_value", "audio", "Invalid 'audio'. Expected base64-encoded audio bytes.");
        }
        if (bytes.length > LARGEST_APPEND) {
            throw new Breach(
                    Kind.AUDIO_TOO_LARGE,
                    "string_above_max_length",
                    "audio",
                    "Invalid 'audio': " + bytes.length + " bytes in one append. Expected at most " + LARGEST_APPEND
                            + ".");
        }
        if (bytes.length % 2 != 0) {
            throw new Breach(
                    Kind.ODD_AUDIO_BYTES,
                    "invalid_value",
                    "audio",
                    "Invalid 'audio': " + bytes.length + " bytes, and a sample of PCM16 has two.");
        }
        return bytes;
    }

    private void onAppend(byte[] bytes) {
        buffer.append(bytes);
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        ear.hear(samples);
        if (session.findsTurns() && !ear.speaking()) {
            buffer.keep(QUIET_KEPT_MS * SAMPLES_A_MS);
        }
    }

    private void onChange(TurnDetector.Change change) {
        if (change == TurnDetector.Change.SPEECH_STARTED) {
            userItemId = events.ids().newItem();
            transcripts.flush();
            wire.send(events.speechStarted(userItemId, speechBegan()));
            model.onCallerSpoke(session.interruptsResponses());
            return;
        }
        wire.send(events.speechStopped(userItemId, ear.nowMs()));
        hear(userItemId, speechBegan() * SAMPLES_A_MS, ear.nowMs() * SAMPLES_A_MS);
        if (model.goOn(session.createsResponses(), ResponseSettings.of(session, Json.object()))) {
            wire.send(events.error(
                    "invalid_request_error",
                    "conversation_already_has_active_response",
                    "Conversation already has an active response in progress.",
                    null,
                    null));
        }
    }

    private long speechBegan() {
        return Math.max(0, ear.startMs() - session.prefixPaddingMs());
    }

    private void onCommit() throws Breach {
        if (buffer.uncommitted() < LEAST_COMMIT_MS * SAMPLES_A_MS) {
            throw new Breach(
                    Kind.EMPTY_COMMIT,
                    "input_audio_buffer_commit_empty",
                    null,
                    String.format(
                            Locale.ROOT,
                            "Error committing input audio buffer: buffer too small. Expected at least %dms of audio, but"
                                    + " buffer only has %.2fms of audio.",
                            LEAST_COMMIT_MS,
                            buffer.uncommitted() / (double) SAMPLES_A_MS));
        }
        String itemId = ear.speaking() ? userItemId : events.ids().newItem();
        ear.endTurn();
        transcripts.flush();
        hear(itemId, buffer.committedUntil(), buffer.end());
        model.goOn(false, ResponseSettings.of(session, Json.object()));
    }

    /** A turn of the caller, between two samples: an item of the conversation, and the script's next turn. */
    private void hear(String itemId, long from, long to) {
        long begin = Math.max(from, buffer.committedUntil());
        byte[] pcm16 = buffer.take(begin, to);
        Item item = new Item(Json.object()
                .put("id", itemId)
                .put("object", "realtime.item")
                .put("type", "message")
                .put("status", "completed")
                .put("role", "user"));
        item.json().putArray("content").addObject().put("type", "input_audio").putNull("transcript");
        item.audio(pcm16, pcm16.length);
        String previous = items.add(item);
        wire.send(events.committed(itemId, previous));
        wire.send(events.item("conversation.item.added", previous, item.json()));
        wire.send(events.item("conversation.item.done", previous, item.json()));
        ear.onTurnHeard();
        Turn turn = model.hearTurn();
        if (turn != null) {
            transcripts.onTurn(item, turn.hear(), turn.transcriptTiming(model.turnsHeard()));
        }
    }

    private void onClear() {
        buffer.clear();
        ear.clear();
        wire.send(events.event("input_audio_buffer.cleared").toString());
        model.goOn(false, ResponseSettings.of(session, Json.object()));
    }

    private void onItem(ObjectNode message) throws Breach {
        ObjectNode given = (ObjectNode) message.path("item");
        Item item = new Item(Json.object()
                .put(
                        "id",
                        given.has("id")
                                ? given.path("id").asText()
                                : events.ids().newItem())
                .put("object", "realtime.item")
                .put("status", "completed")
                .setAll(given.deepCopy()));
        takeAudio(item);
        String type = given.path("type").asText();
        String previous = items.add(item, message.path("previous_item_id").textValue());
        try {
            switch (type) {
                case "function_call_output" ->
                    model.onOutput(
                            given.path("call_id").asText(), given.path("output").asText());
                case "function_call" -> {
                    if (!given.has("call_id")) {
                        item.json().put("call_id", events.ids().newCall());
                    }
                    model.onClientsCall(item.json().path("call_id").asText());
                    model.onHistoryItem();
                }
                default -> onMessageItem(given);
            }
        } catch (Breach breach) {
            items.delete(item.id());
            throw breach;
        }
        wire.send(events.item("conversation.item.added", previous, item.json()));
        wire.send(events.item("conversation.item.done", previous, item.json()));
        if (type.equals("function_call_output")) {
            model.goOn(false, ResponseSettings.of(session, Json.object()));
        }
    }

    /** Events show items without their audio. */
    private static void takeAudio(Item item) throws Breach {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (JsonNode part : item.json().path("content")) {
            if (part instanceof ObjectNode content
                    && content.path("type").asText("").equals("input_audio")) {
                audio.writeBytes(pcm16(content.remove("audio").textValue()));
            }
        }
        item.audio(audio.toByteArray(), audio.size());
    }

    private void onMessageItem(ObjectNode item) {
        switch (item.path("role").asText()) {
            case "user" -> {
                List<String> words = new ArrayList<>();
                item.path("content").forEach(part -> words.add(part.path("text").asText("")));
                model.onUserItem(String.join("", words));
            }
            case "assistant" -> model.onHistoryItem();
            default -> {}
        }
    }

    private void onTruncate(ObjectNode message) throws Breach {
        int index = message.path("content_index").intValue();
        int endMs = message.path("audio_end_ms").intValue();
        items.truncate(itemId(message), index, endMs);
        wire.send(events.event("conversation.item.truncated")
                .put("item_id", itemId(message))
                .put("content_index", index)
                .put("audio_end_ms", endMs)
                .toString());
    }

    private void onCreate(JsonNode asked, @Nullable String eventId) throws Breach {
        for (JsonNode each : asked.path("input")) {
            if (each.path("type").asText("").equals("item_reference")) {
                items.retrieve(each.path("id").asText());
            }
        }
        if (!model.create(ResponseSettings.of(session, asked))) {
            String message = "the script has no reply to this response.create";
            wire.send(events.error("server_error", "nothing_scripted", message, null, eventId));
        }
    }

    private void onCancel(@Nullable String responseId, @Nullable String eventId) {
        if (!model.cancel(responseId)) {
            String message = "Cancellation failed: no active response found";
            wire.send(events.error("invalid_request_error", "response_cancel_not_active", message, null, eventId));
        }
    }

    @Override
    public void onClosed() {
        ear.onClosed();
        model.stop();
        if (expiry != null) {
            expiry.cancel();
        }
    }

    @Override
    public long samples() {
        return buffer.end();
    }

    @Override
    public Duration silence() {
        return Duration.ofMillis(session.silence());
    }

    @Override
    public boolean callerMaySpeak(int turns) {
        return model.callerMaySpeak(turns);
    }

    @Override
    public @Nullable CallersCue callersCue() {
        return model.callersCue();
    }

    @Override
    public boolean finished() {
        return model.finished() && transcripts.allSent();
    }

    @Override
    public Report report() {
        List<String> mismatches = findings.mismatches();
        mismatches.addAll(model.open());
        return new Report(findings.violations(), mismatches, model.turnsLeft());
    }
}
