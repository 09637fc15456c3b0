package dev.parley.core.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.Setting;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.Transcription;
import dev.parley.core.event.TurnDetection;
import dev.parley.core.provider.Dialect;
import dev.parley.core.provider.Dialect.SessionShape;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session's configuration as its dialect lays it out: built as a tree, since an application may lay members of its own over
 * any part of it. What is not said is not written; what is cleared is null. A handful of these are written in a session.
 */
public final class SessionJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TOOLS = "tools";
    private static final String TURN_DETECTION = "turn_detection";

    private final Dialect dialect;
    private final SessionConfig config;
    /** Whether the server has no configuration yet; what a change does not say is as it was. */
    private final boolean first;

    private final Map<String, @Nullable Object> session = new LinkedHashMap<>();

    private SessionJson(Dialect dialect, SessionConfig config, boolean first) {
        this.dialect = dialect;
        this.config = config;
        this.first = first;
    }

    /**
     * The session object that a server is configured with.
     *
     * @param model set where the session itself must name it, as for a token
     * @throws IllegalArgumentException if the settings' extra is not a JSON object, has tools beside the configuration's own, says
     *     who ends turns, or names an audio format
     */
    public static String of(Dialect dialect, SessionConfig config, @Nullable String model) {
        return of(dialect, config, model, true);
    }

    /**
     * The session object that changes a configuration: what it says, and no default.
     *
     * @throws IllegalArgumentException if the settings' extra is not a JSON object, has tools beside the configuration's own, says
     *     who ends turns, or names an audio format
     */
    static String change(Dialect dialect, SessionConfig config) {
        return of(dialect, config, null, false);
    }

    private static String of(Dialect dialect, SessionConfig config, @Nullable String model, boolean first) {
        SessionJson json = new SessionJson(dialect, config, first);
        if (dialect.sessionShape() == SessionShape.NESTED) {
            json.nested(model);
        } else {
            json.flat(model);
        }
        String extra = config.settings().extra();
        if (extra != null) {
            Map<String, @Nullable Object> over = parsed(extra);
            if (over.containsKey(TOOLS) && !config.tools().isEmpty()) {
                throw new IllegalArgumentException(
                        "the settings' extra has \"tools\", which would take the place of "
                                + config.tools().stream()
                                        .map(ToolDefinition::name)
                                        .collect(Collectors.joining(", "))
                                + ": the model could call none of them. Leave \"tools\" out of the extra, or the tools out of the agent");
            }
            checkAudio(over);
            checkTurns(over, config.settings());
            checkFormats(over);
            overlay(json.session, over);
        }
        return written(json.session);
    }

    /** What is no object takes the place of all that the session says there: of formats, of turns, of the voice. */
    private static void checkAudio(Map<String, @Nullable Object> extra) {
        if (!extra.containsKey("audio")) {
            return;
        }
        if (!(extra.get("audio") instanceof Map<?, ?> audio)) {
            throw notAnObject("audio");
        }
        for (String side : List.of("input", "output")) {
            if (audio.containsKey(side) && !(audio.get(side) instanceof Map<?, ?>)) {
                throw notAnObject("audio." + side);
            }
        }
    }

    private static IllegalArgumentException notAnObject(String path) {
        return new IllegalArgumentException("the settings' extra has \"" + path
                + "\", and not as an object: it would take the place of all that the session says there. Give an object with"
                + " what only this server has, or leave it out");
    }

    /** A session goes by who ends turns, replies and interrupts, and knows it from its settings alone. */
    private static void checkTurns(Map<String, @Nullable Object> extra, SessionSettings settings) {
        boolean addsToWhatIsSaid = holdersOfTurns(extra).stream()
                .allMatch(holder -> settings.turnDetection() != null
                        && holder.get(TURN_DETECTION) instanceof Map<?, ?> members
                        && !members.containsKey("create_response")
                        && !members.containsKey("interrupt_response"));
        if (!addsToWhatIsSaid) {
            throw new IllegalArgumentException(
                    "the settings' extra has \"turn_detection\", of which the session would not know who ends turns, replies and"
                            + " interrupts. Say that with turnDetection(…) or manualTurns(); what only this server has"
                            + " may stand in the extra beside turnDetection(…), as an object without \"create_response\""
                            + " and \"interrupt_response\"");
        }
    }

    /** Audio is read and written as PCM16 at the dialect's rate, whatever else a server could speak. */
    private static void checkFormats(Map<String, @Nullable Object> extra) {
        for (String side : List.of("input", "output")) {
            String flat = side + "_audio_format";
            boolean nested = extra.get("audio") instanceof Map<?, ?> audio
                    && audio.get(side) instanceof Map<?, ?> members
                    && members.containsKey("format");
            if (nested || extra.containsKey(flat)) {
                throw new IllegalArgumentException("the settings' extra has "
                        + (nested ? "a \"format\" under audio." + side : '"' + flat + '"')
                        + ": the session reads and writes PCM16 at the dialect's rate, and would go on doing so. Leave it out; the"
                        + " rate is Dialect's sampleRate(…)");
            }
        }
    }

    /** Where turn detection is said: in a flat session, in a nested one, or, by whoever is not sure, in both. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> holdersOfTurns(Map<String, @Nullable Object> session) {
        List<Map<String, @Nullable Object>> holders = new ArrayList<>();
        if (session.containsKey(TURN_DETECTION)) {
            holders.add(session);
        }
        if (session.get("audio") instanceof Map<?, ?> audio
                && audio.get("input") instanceof Map<?, ?> input
                && input.containsKey(TURN_DETECTION)) {
            holders.add((Map<String, @Nullable Object>) input);
        }
        return holders;
    }

    /**
     * What a session is configured with once it was changed, as the next server is to be told: what was laid over it stays, but
     * for tools and turn detection, of which the later ones count, whichever way they were said.
     */
    static SessionConfig changed(SessionConfig before, SessionConfig change) {
        Map<String, @Nullable Object> extra = extraOf(before);
        Map<String, @Nullable Object> over = extraOf(change);
        boolean replacesTools = over.containsKey(TOOLS);
        if (!change.tools().isEmpty()) {
            extra.remove(TOOLS);
        }
        if (change.settings().mentioned().contains(Setting.TURN_DETECTION)) {
            holdersOfTurns(extra).forEach(turns -> turns.remove(TURN_DETECTION));
        }
        overlay(extra, over);
        SessionSettings settings = change.settings().over(before.settings());
        if (!extra.isEmpty() || settings.extra() != null) {
            settings = SessionSettings.builder().extra(written(extra)).build().over(settings);
        }
        SessionConfig all = change.over(before);
        return new SessionConfig(all.instructions(), all.voice(), replacesTools ? List.of() : all.tools(), settings);
    }

    private static Map<String, @Nullable Object> extraOf(SessionConfig config) {
        String extra = config.settings().extra();
        return extra == null ? new LinkedHashMap<>() : parsed(extra);
    }

    private void flat(@Nullable String model) {
        said("model", model);
        setting(Setting.OUTPUT_MODALITIES, session, "modalities");
        said("instructions", config.instructions());
        said("voice", config.voice());
        setting(Setting.TRANSCRIPTION, session, "input_audio_transcription");
        setting(Setting.NOISE_REDUCTION, session, "input_audio_noise_reduction");
        setting(Setting.TURN_DETECTION, session, "turn_detection");
        setting(Setting.SPEED, session, "speed");
        tools();
        setting(Setting.MAX_OUTPUT_TOKENS, session, "max_response_output_tokens");
    }

    private void nested(@Nullable String model) {
        said("type", "realtime");
        said("model", model);
        setting(Setting.OUTPUT_MODALITIES, session, "output_modalities");
        said("instructions", config.instructions());
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("format", pcm());
        setting(Setting.NOISE_REDUCTION, input, "noise_reduction");
        setting(Setting.TRANSCRIPTION, input, "transcription");
        setting(Setting.TURN_DETECTION, input, "turn_detection");
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        output.put("format", pcm());
        if (config.voice() != null) {
            output.put("voice", config.voice());
        }
        setting(Setting.SPEED, output, "speed");
        Map<String, @Nullable Object> audio = new LinkedHashMap<>();
        audio.put("input", input);
        audio.put("output", output);
        session.put("audio", audio);
        tools();
        setting(Setting.MAX_OUTPUT_TOKENS, session, "max_output_tokens");
    }

    private Map<String, @Nullable Object> pcm() {
        Map<String, @Nullable Object> format = new LinkedHashMap<>();
        format.put("type", "audio/pcm");
        format.put("rate", dialect.sampleRate());
        return format;
    }

    /**
     * Where nothing is said, "auto", and that only where there are tools: "required" makes some servers call tools for ever. What
     * is said is written without tools too: they may be the server's own, or there since an earlier configuration.
     */
    private void tools() {
        if (!config.tools().isEmpty()) {
            session.put(TOOLS, config.tools());
            if (first) {
                session.put("tool_choice", "auto");
            }
        }
        setting(Setting.TOOL_CHOICE, session, "tool_choice");
        setting(Setting.PARALLEL_TOOL_CALLS, session, "parallel_tool_calls");
    }

    private void said(String name, @Nullable Object value) {
        if (value != null) {
            session.put(name, value);
        }
    }

    private void setting(Setting setting, Map<String, @Nullable Object> into, String name) {
        if (config.settings().mentioned().contains(setting)) {
            Optional<Object> value = config.settings().value(setting);
            into.put(name, value.map(set -> json(setting, set)).orElse(null));
        }
    }

    private static Object json(Setting setting, Object value) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (value instanceof Transcription transcription) {
            object.put("model", transcription.model());
            put(object, "language", transcription.language());
            put(object, "prompt", transcription.prompt());
        } else if (value instanceof TurnDetection.ServerVad vad) {
            object.put("type", "server_vad");
            put(object, "threshold", vad.threshold());
            put(object, "prefix_padding_ms", millis(vad.prefixPadding()));
            put(object, "silence_duration_ms", millis(vad.silence()));
            put(object, "idle_timeout_ms", millis(vad.idleTimeout()));
            put(object, "create_response", vad.createsResponse());
            put(object, "interrupt_response", vad.interruptsResponse());
        } else if (value instanceof TurnDetection.SemanticVad vad) {
            object.put("type", "semantic_vad");
            put(object, "eagerness", vad.eagerness());
            put(object, "create_response", vad.createsResponse());
            put(object, "interrupt_response", vad.interruptsResponse());
        } else if (setting == Setting.NOISE_REDUCTION) {
            object.put("type", value);
        } else if (setting == Setting.OUTPUT_MODALITIES) {
            return List.of(value);
        } else {
            return value;
        }
        return object;
    }

    private static void put(Map<String, @Nullable Object> object, String name, @Nullable Object value) {
        if (value != null) {
            object.put(name, value);
        }
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toMillis();
    }

    /** Members of objects one by one; all else is replaced. */
    @SuppressWarnings("unchecked")
    private static void overlay(Map<String, @Nullable Object> under, Map<String, @Nullable Object> over) {
        over.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner && under.get(name) instanceof Map<?, ?> target) {
                overlay((Map<String, @Nullable Object>) target, (Map<String, @Nullable Object>) inner);
            } else {
                under.put(name, value);
            }
        });
    }

    private static Map<String, @Nullable Object> parsed(String extra) {
        try (JsonParser in = JSON.createParser(extra)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException(
                        "the settings' extra must be a JSON object, such as {\"truncation\":\"auto\"}");
            }
            Map<String, @Nullable Object> members = object(in);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("the settings' extra must be one JSON object and nothing after it");
            }
            return members;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the settings' extra is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser in) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            object.put(name, in.nextToken() == JsonToken.START_OBJECT ? object(in) : new Raw(JsonText.copy(in)));
        }
        return object;
    }

    /** A value as it was written. */
    private record Raw(String json) {}

    private static String written(Map<String, @Nullable Object> session) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(out, session);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : object.entrySet()) {
                out.writeFieldName(String.valueOf(member.getKey()));
                write(out, member.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object each : list) {
                write(out, each);
            }
            out.writeEndArray();
        } else if (value instanceof ToolDefinition tool) {
            out.writeStartObject();
            out.writeStringField("type", "function");
            out.writeStringField("name", tool.name());
            out.writeStringField("description", tool.description());
            out.writeFieldName("parameters");
            out.writeRawValue(tool.parametersJson());
            out.writeEndObject();
        } else if (value instanceof Raw raw) {
            out.writeRawValue(raw.json());
        } else {
            out.writePOJO(value);
        }
    }
}
