package dev.parley.testkit.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.parley.testkit.Call;
import dev.parley.testkit.Calls;
import dev.parley.testkit.Expectation;
import dev.parley.testkit.Fault;
import dev.parley.testkit.HangUp;
import dev.parley.testkit.Pause;
import dev.parley.testkit.RawMessage;
import dev.parley.testkit.Recording;
import dev.parley.testkit.RehearsalDialect;
import dev.parley.testkit.Script;
import dev.parley.testkit.ScriptException;
import dev.parley.testkit.Speech;
import dev.parley.testkit.Step;
import dev.parley.testkit.TranscriptTiming;
import dev.parley.testkit.Turn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a script from YAML. Every fault names the file, the place in it, and the mend. */
public final class ScriptYaml {
    private static final String CLASSPATH = "classpath:";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Map<String, Fault> FAULTS = Arrays.stream(Fault.values())
            .collect(Collectors.toUnmodifiableMap(
                    each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'), each -> each));
    private static final Map<String, RehearsalDialect> DIALECTS = Arrays.stream(RehearsalDialect.values())
            .collect(Collectors.toUnmodifiableMap(each -> each.name().toLowerCase(Locale.ROOT), each -> each));
    private static final Map<String, TranscriptTiming> TIMINGS = Map.of(
            "before", TranscriptTiming.BEFORE_REPLY,
            "during", TranscriptTiming.DURING_REPLY,
            "after", TranscriptTiming.AFTER_REPLY);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m)");

    private static final Pattern PLACE = Pattern.compile("(?m)^ in .*, line (\\d+), column");

    private final String file;
    private final Function<String, Recording> recordings;

    private ScriptYaml(String file, Function<String, Recording> recordings) {
        this.file = file;
        this.recordings = recordings;
    }

    public static Script load(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new ScriptException("cannot read the script " + file + ": name a UTF-8 text file that is there", e);
        }
        return new ScriptYaml(file.toString(), name -> Recording.wav(file.resolveSibling(name))).read(text);
    }

    public static Script loadResource(String resource) {
        String folder = resource.substring(0, resource.lastIndexOf('/') + 1);
        String text = new String(resourceBytes(resource), StandardCharsets.UTF_8);
        return new ScriptYaml(resource, name -> resourceRecording(folder + name)).read(text);
    }

    private static Recording resourceRecording(String resource) {
        return Recording.wav(resource, new ByteArrayInputStream(resourceBytes(resource)));
    }

    private static byte[] resourceBytes(String resource) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? ScriptYaml.class.getClassLoader() : context;
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ScriptException("there is no " + resource + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ScriptException("cannot read " + resource + " from the class path", e);
        }
    }

    private Script read(String text) {
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw notYaml(e);
        }
        object(root, "the script", Set.of("name", "dialect", "greeting", "turns", "asides"));
        String name = root.has("name") ? string(root, "name", "the script") : file;
        Script.Builder script = Script.named(name);
        if (root.has("greeting")) {
            script.greeting(speech(root.get("greeting"), "the greeting"));
        }
        if (root.has("dialect")) {
            script.dialect(oneOf(DIALECTS, string(root, "dialect", "the script"), "the script", "dialect"));
        }
        JsonNode asides = root.path("asides");
        if (!asides.isMissingNode() && !asides.isArray()) {
            throw fault("the script", "asides must be a list");
        }
        for (int i = 0; i < asides.size(); i++) {
            script.aside(speech(asides.get(i), "aside " + (i + 1)));
        }
        JsonNode turns = root.path("turns");
        if (!turns.isArray()) {
            throw fault("the script", "turns must be a list");
        }
        for (int i = 0; i < turns.size(); i++) {
            script.turn(turn(turns.get(i), "turn " + (i + 1)));
        }
        try {
            return script.build();
        } catch (ScriptException e) {
            throw new ScriptException((name.equals(file) ? "" : file + ": ") + e.getMessage(), e);
        }
    }

    private Turn turn(JsonNode node, String where) {
        object(node, where, Set.of("hear", "audio", "transcript", "responses"));
        Turn turn = Turn.hear(string(node, "hear", where));
        Recording audio = recording(node, where);
        if (audio != null) {
            turn = turn.spokenAs(audio);
        }
        if (node.has("transcript")) {
            turn = turn.transcribed(oneOf(TIMINGS, string(node, "transcript", where), where, "transcript"));
        }
        JsonNode responses = node.path("responses");
        if (!responses.isArray()) {
            throw fault(where, "responses must be a list");
        }
        for (int i = 0; i < responses.size(); i++) {
            turn = turn.then(step(responses.get(i), where + ", response " + (i + 1)));
        }
        return turn;
    }

    private Step step(JsonNode node, String where) {
        if (node.has("send")) {
            object(node, where, Set.of("send"));
            JsonNode message = node.get("send");
            return new RawMessage(message.isTextual() ? message.textValue() : message.toString());
        }
        if (node.has("pause")) {
            object(node, where, Set.of("pause"));
            Duration pause = duration(string(node, "pause", where), where);
            return placed(where, () -> new Pause(pause));
        }
        if (node.has("close")) {
            object(node, where, Set.of("close"));
            return placed(where, () -> HangUp.withCode(node.get("close").asInt()));
        }
        if (flag(node, "drop", where)) {
            object(node, where, Set.of("drop"));
            return HangUp.dropped();
        }
        if (node.has("calls")) {
            object(node, where, Set.of("calls", "interrupted", "faults"));
            JsonNode list = node.get("calls");
            if (!list.isArray() || list.isEmpty()) {
                throw fault(where, "calls must be a list with at least one call");
            }
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                calls.add(call(list.get(i), where + ", call " + (i + 1)));
            }
            boolean interrupted = flag(node, "interrupted", where);
            Set<Fault> faults = faults(node, where);
            return placed(where, () -> new Calls(calls, interrupted, faults));
        }
        return speech(node, where);
    }

    private Speech speech(JsonNode node, String where) {
        if (!node.has("say")) {
            throw fault(where, "it needs say, calls, send, pause, close or drop");
        }
        object(node, where, Set.of("say", "audio", "interrupted", "faults"));
        String text = string(node, "say", where);
        Recording audio = recording(node, where);
        boolean interrupted = flag(node, "interrupted", where);
        Set<Fault> faults = faults(node, where);
        return placed(where, () -> new Speech(text, audio, interrupted, faults));
    }

    private Call call(JsonNode node, String where) {
        object(node, where, Set.of("name", "arguments", "expect"));
        String name = string(node, "name", where);
        JsonNode arguments = node.path("arguments");
        String text;
        if (arguments.isMissingNode() || arguments.isNull()) {
            text = "{}";
        } else if (arguments.isTextual()) {
            text = arguments.textValue();
        } else if (arguments.isObject()) {
            text = arguments.toString();
        } else {
            throw fault(where, "arguments must be an object, or a string for arguments that are not JSON");
        }
        Expectation expect = node.has("expect") ? expectation(node.get("expect"), where) : null;
        return placed(where, () -> new Call(name, text, expect));
    }

    private Expectation expectation(JsonNode node, String where) {
        object(node, where + ", expect", Set.of("ok", "code", "argument"));
        if (!node.path("ok").isBoolean()) {
            throw fault(where, "expect needs ok, true or false");
        }
        String code = node.has("code") ? string(node, "code", where) : null;
        String argument = node.has("argument") ? string(node, "argument", where) : null;
        return placed(where, () -> new Expectation(node.get("ok").booleanValue(), code, argument));
    }

    private @Nullable Recording recording(JsonNode node, String where) {
        if (!node.has("audio")) {
            return null;
        }
        String name = string(node, "audio", where);
        return placed(
                where,
                () -> name.startsWith(CLASSPATH)
                        ? resourceRecording(name.substring(CLASSPATH.length()))
                        : recordings.apply(name));
    }

    private Set<Fault> faults(JsonNode node, String where) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        JsonNode names = node.path("faults");
        if (!names.isMissingNode() && !names.isArray()) {
            throw fault(where, "faults must be a list");
        }
        for (JsonNode name : names) {
            Fault found = FAULTS.get(name.asText(""));
            if (found == null) {
                throw fault(
                        where,
                        "the fault " + name.asText("") + " is not known; write "
                                + String.join(", ", new TreeSet<>(FAULTS.keySet())));
            }
            faults.add(found);
        }
        return faults;
    }

    private <T> T oneOf(Map<String, T> values, String name, String where, String key) {
        T value = values.get(name);
        if (value == null) {
            throw fault(
                    where,
                    "the " + key + " " + name + " is not known; write "
                            + String.join(", ", new TreeSet<>(values.keySet())));
        }
        return value;
    }

    private Duration duration(String text, String where) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw fault(where, "a duration is written 200ms, 5s or 2m, not " + text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    /** Says where in the file a fault is that the script's own types found. */
    private <T> T placed(String where, Supplier<T> made) {
        try {
            return made.get();
        } catch (ScriptException e) {
            throw fault(where, e.getMessage());
        }
    }

    private boolean flag(JsonNode node, String key, String where) {
        JsonNode value = node.path(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw fault(where, key + " must be true or false");
        }
        return value.asBoolean(false);
    }

    private String string(JsonNode node, String key, String where) {
        JsonNode value = node.path(key);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw fault(where, "it needs " + key + ", a text that is not empty");
        }
        return value.textValue();
    }

    private void object(JsonNode node, String where, Set<String> keys) {
        if (!node.isObject()) {
            throw fault(where, "it must have keys: " + String.join(", ", new TreeSet<>(keys)));
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw fault(where, "the key " + key + " is not known; write " + String.join(", ", new TreeSet<>(keys)));
            }
        });
    }

    /** The YAML library tells in many lines, with an excerpt, what it expected: one of them says it. */
    private ScriptException notYaml(JsonProcessingException e) {
        String problem = String.valueOf(e.getOriginalMessage())
                .lines()
                .filter(line -> !line.startsWith(" ") && !line.startsWith("while "))
                .findFirst()
                .orElse("it cannot be read");
        // of two places the last is where it stopped; at the end of the file the first tells more
        List<String> places = PLACE.matcher(String.valueOf(e.getOriginalMessage()))
                .results()
                .map(found -> found.group(1))
                .toList();
        String line = places.isEmpty()
                ? e.getLocation() == null ? "1" : String.valueOf(e.getLocation().getLineNr())
                : places.get(problem.contains("end of stream") ? 0 : places.size() - 1);
        return new ScriptException(
                file + " is not YAML: line " + line + ", " + problem.replaceFirst("\\. \\(.*", "")
                        + ": check the indentation, quotes and brackets there",
                e);
    }

    private ScriptException fault(String where, @Nullable String what) {
        return new ScriptException(file + ", " + where + ": " + what);
    }
}
