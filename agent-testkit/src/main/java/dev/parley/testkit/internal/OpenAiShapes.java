package dev.parley.testkit.internal;

import static dev.parley.testkit.internal.Shape.any;
import static dev.parley.testkit.internal.Shape.bool;
import static dev.parley.testkit.internal.Shape.by;
import static dev.parley.testkit.internal.Shape.integer;
import static dev.parley.testkit.internal.Shape.listOf;
import static dev.parley.testkit.internal.Shape.number;
import static dev.parley.testkit.internal.Shape.object;
import static dev.parley.testkit.internal.Shape.oneOf;
import static dev.parley.testkit.internal.Shape.string;
import static dev.parley.testkit.internal.Shape.textOr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testkit.Violation.Kind;
import dev.parley.testkit.internal.Shape.Fields;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * OpenAI's client events, field by field, from its published schema. Left out, and refused with the values that are
 * taken, is what this server cannot play: G.711 audio, MCP tools and transcription sessions.
 */
final class OpenAiShapes {
    private static final int ID = 512;
    private static final int MANY = 1_000;
    private static final Pattern TOOL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern METADATA_KEY = Pattern.compile("(?s).{1,64}");

    private static final Shape FORMAT =
            object().needs("type", oneOf("audio/pcm")).with("rate", integer(24_000, 24_000));

    private static final Shape VOICE = textOr(
            oneOf("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"),
            object().needs("id", string(ID)));

    private static final Fields TURNS =
            object().with("type", any()).with("create_response", bool()).with("interrupt_response", bool());

    private static final Shape TURN_DETECTION = by(
            "type",
            Map.of(
                    "server_vad",
                            TURNS.with("threshold", number(0, 1))
                                    .with("prefix_padding_ms", integer(0, 10_000))
                                    .with("silence_duration_ms", integer(10, 10_000))
                                    .with(
                                            "idle_timeout_ms",
                                            integer(5_000, 30_000).orNull()),
                    "semantic_vad", TURNS.with("eagerness", oneOf("low", "medium", "high", "auto"))));

    private static final Shape TRANSCRIPTION = object().with("model", string(ID))
            .with("language", string(ID))
            .with("languages", listOf(string(ID), MANY))
            .with("keywords", listOf(string(ID), MANY))
            .with("prompt", string())
            .with("delay", oneOf("minimal", "low", "medium", "high", "xhigh"));

    private static final Shape AUDIO = object().with(
                    "input",
                    object().with("format", FORMAT)
                            .with(
                                    "noise_reduction",
                                    object().needs("type", oneOf("near_field", "far_field"))
                                            .orNull())
                            .with("transcription", TRANSCRIPTION.orNull())
                            .with("turn_detection", TURN_DETECTION.orNull()))
            .with("output", object().with("format", FORMAT).with("voice", VOICE).with("speed", number(0.25, 1.5)));

    private static final Shape TOOLS = OpenAiShapes::checkTools;

    private static final Shape TOOL_CHOICE = textOr(
            oneOf("auto", "none", "required"),
            object().needs("type", oneOf("function")).needs("name", string(64)));

    private static final Shape MAX_TOKENS = textOr(oneOf("inf"), integer(1, 4_096));

    private static final Shape MODALITIES = (value, path, kind) -> {
        listOf(oneOf("audio", "text"), 1).check(value, path, kind);
        if (value.isEmpty()) {
            throw new Breach(
                    kind,
                    "array_below_min_length",
                    path,
                    "Invalid '" + path + "': empty array. Expected one modality.");
        }
    };

    private static final Shape PROMPT = object().needs("id", string(ID))
            .with("version", string(ID).orNull())
            .with("variables", any());

    private static final Shape REASONING = object().with("effort", oneOf("minimal", "low", "medium", "high", "xhigh"));

    /** What a session and a response have in common. */
    private static final Fields SHARED = object().with("instructions", string())
            .with("output_modalities", MODALITIES)
            .with("tools", TOOLS)
            .with("tool_choice", TOOL_CHOICE)
            .with("parallel_tool_calls", bool())
            .with("max_output_tokens", MAX_TOKENS)
            .with("reasoning", REASONING)
            .with("prompt", PROMPT.orNull());

    private static final Shape SESSION = SHARED.needs("type", oneOf("realtime"))
            .with("model", string(ID))
            .with("audio", AUDIO)
            .with(
                    "truncation",
                    textOr(
                            oneOf("auto", "disabled"),
                            object().needs("type", oneOf("retention_ratio"))
                                    .needs("retention_ratio", number(0, 1))
                                    .with("token_limits", object().with("post_instructions", integer(0, 1_000_000)))))
            .with(
                    "tracing",
                    textOr(
                                    oneOf("auto"),
                                    object().with("workflow_name", string(ID))
                                            .with("group_id", string(ID))
                                            .with("metadata", any()))
                            .orNull())
            .with(
                    "include",
                    listOf(oneOf("item.input_audio_transcription.logprobs"), 1).orNull());

    /** The body of a request for a token. */
    static final Shape TOKEN_REQUEST = object().with(
                    "expires_after",
                    object().with("anchor", oneOf("created_at")).with("seconds", integer(10, 7_200)))
            .with("session", SESSION.as(Kind.SESSION_SHAPE));

    private static final Fields ITEM = object().with("type", any())
            .with("id", string(ID))
            .with("object", oneOf("realtime.item"))
            .with("status", oneOf("completed", "incomplete", "in_progress"));

    private static final Fields INPUT_TEXT = object().with("type", any()).needs("text", string());

    private static final Shape USER_CONTENT = by(
            "type",
            Map.of(
                    "input_text", INPUT_TEXT,
                    "input_audio",
                            object().with("type", any())
                                    .needs("audio", string())
                                    .with("transcript", string()),
                    "input_image",
                            object().with("type", any())
                                    .needs("image_url", string())
                                    .with("detail", oneOf("auto", "low", "high"))));

    private static final Map<String, Shape> ITEMS = Map.of(
            "message",
            by(
                    "role",
                    Map.of(
                            "user", message(USER_CONTENT),
                            "system", message(by("type", Map.of("input_text", INPUT_TEXT))),
                            "assistant", message(by("type", Map.of("output_text", INPUT_TEXT))))),
            "function_call",
            ITEM.with("call_id", string(ID)).needs("name", string(64)).needs("arguments", string()),
            "function_call_output",
            ITEM.needs("call_id", string(ID)).needs("output", string()));

    private static final Shape INPUT = (value, path, kind) -> {
        Shape reference = object().with("type", any()).needs("id", string(ID));
        Map<String, Shape> shapes = new HashMap<>(ITEMS);
        shapes.put("item_reference", reference);
        listOf(by("type", shapes), MANY).check(value, path, kind);
    };

    private static final Shape RESPONSE = SHARED.with("conversation", oneOf("auto", "none"))
            .with("input", INPUT)
            .with("metadata", (Shape) OpenAiShapes::checkMetadata)
            .with(
                    "audio",
                    object().with("output", object().with("format", FORMAT).with("voice", VOICE)));

    private static final Fields EVENT = object().with("type", any()).with("event_id", string(ID));

    private static final Map<String, Shape> EVENTS = Map.of(
            "session.update",
            EVENT.needs("session", SESSION.as(Kind.SESSION_SHAPE)),
            "input_audio_buffer.append",
            EVENT.needs("audio", string()),
            "input_audio_buffer.commit",
            EVENT,
            "input_audio_buffer.clear",
            EVENT,
            "conversation.item.create",
            EVENT.needs("item", by("type", ITEMS))
                    .with("previous_item_id", string(ID).orNull()),
            "conversation.item.retrieve",
            EVENT.needs("item_id", string(ID)),
            "conversation.item.delete",
            EVENT.needs("item_id", string(ID)),
            "conversation.item.truncate",
            EVENT.needs("item_id", string(ID))
                    .needs("content_index", integer(0, Integer.MAX_VALUE))
                    .needs("audio_end_ms", integer(0, Integer.MAX_VALUE)),
            "response.create",
            EVENT.with("response", RESPONSE),
            "response.cancel",
            EVENT.with("response_id", string(ID)));

    private OpenAiShapes() {}

    private static Shape message(Shape content) {
        return ITEM.with("role", any()).needs("content", listOf(content, MANY));
    }

    /** Its type, if it is well formed. */
    static String checked(ObjectNode message) throws Breach {
        JsonNode type = message.path("type");
        if (!type.isTextual()) {
            throw new Breach(
                    Kind.EVENT_SHAPE, "missing_required_parameter", "type", "Missing required parameter: 'type'.");
        }
        Shape shape = EVENTS.get(type.textValue());
        if (shape == null) {
            throw new Breach(
                    Kind.UNKNOWN_EVENT,
                    "invalid_value",
                    "type",
                    "Invalid value for 'type'. Supported values over a WebSocket are: "
                            + String.join(
                                    ", ",
                                    EVENTS.keySet().stream()
                                            .sorted()
                                            .map(each -> "'" + each + "'")
                                            .toList())
                            + ".");
        }
        shape.check(message, "", Kind.EVENT_SHAPE);
        return type.textValue();
    }

    private static void checkTools(JsonNode tools, String path, Kind kind) throws Breach {
        Shape tool = object().needs("type", oneOf("function"))
                .needs("name", string(64))
                .with("description", string())
                .with("parameters", any());
        listOf(tool, MANY).check(tools, path, Kind.TOOL_SCHEMA);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < tools.size(); i++) {
            String name = tools.get(i).path("name").textValue();
            String at = path + "[" + i + "]";
            if (!TOOL_NAME.matcher(name).matches()) {
                throw new Breach(
                        Kind.TOOL_SCHEMA,
                        "invalid_value",
                        at + ".name",
                        "Invalid '" + at + ".name': a name has 1 to 64 letters, digits, _ and -.");
            }
            if (!seen.add(name)) {
                throw new Breach(
                        Kind.TOOL_SCHEMA, "invalid_value", at + ".name", "Invalid '" + at + ".name': two have it.");
            }
            JsonNode parameters = tools.get(i).path("parameters");
            if (!parameters.isMissingNode()
                    && (!parameters.path("type").asText("").equals("object")
                            || !parameters.path("properties").isObject())) {
                throw new Breach(
                        Kind.TOOL_SCHEMA,
                        "invalid_function_parameters",
                        at + ".parameters",
                        "Invalid '" + at + ".parameters': not a JSON Schema of type object with properties.");
            }
        }
    }

    private static void checkMetadata(JsonNode metadata, String path, Kind kind) throws Breach {
        if (metadata.isNull()) {
            return;
        }
        if (!metadata.isObject()) {
            object().check(metadata, path, kind);
        }
        if (metadata.size() > 16) {
            throw new Breach(
                    kind,
                    "object_above_max_properties",
                    path,
                    "Invalid '" + path
                            + "': too many properties. Expected an object with at most 16 properties, but got "
                            + metadata.size() + " instead.");
        }
        for (Map.Entry<String, JsonNode> each : metadata.properties()) {
            if (!METADATA_KEY.matcher(each.getKey()).matches()) {
                throw new Breach(kind, "invalid_value", path, "Invalid '" + path + "': a key has 1 to 64 characters.");
            }
            string(512).check(each.getValue(), path + "." + each.getKey(), kind);
        }
    }
}
