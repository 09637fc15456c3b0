package dev.parley.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A WebSocket and nothing else: what the server says is here as it came. */
final class BareClient extends WebSocketListener implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static final String CONFIGURE = """
            {"type":"session.update","session":{"instructions":"Be kind.","voice":"mal-female"}}""";

    /** Shared, since each client of its own costs a TLS set-up; every open socket takes one of its slots. */
    private static final OkHttpClient HTTP =
            new OkHttpClient.Builder().dispatcher(manySlots()).build();

    private final List<JsonNode> events = new ArrayList<>();
    private final WebSocket socket;
    private int closeCode;
    private int httpStatus;
    private @Nullable String subprotocol;

    private BareClient(String url, Map<String, String> headers) {
        Request.Builder request = new Request.Builder().url(url);
        headers.forEach(request::header);
        socket = HTTP.newWebSocket(request.build(), this);
    }

    private static Dispatcher manySlots() {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(1_000);
        dispatcher.setMaxRequestsPerHost(1_000);
        return dispatcher;
    }

    static BareClient connect(RehearsalServer server) {
        return connect(server, "?model=mal-realtime-simple", Map.of("Authorization", "Bearer key"));
    }

    static BareClient connect(RehearsalServer server, String query, Map<String, String> headers) {
        return new BareClient(server.url() + query, headers);
    }

    /** Connected and configured. */
    static BareClient ready(RehearsalServer server) {
        BareClient client = connect(server);
        client.send(CONFIGURE);
        client.await("session.updated");
        return client;
    }

    /** Connected to a server that speaks as OpenAI's does. */
    static BareClient openAi(RehearsalServer server) {
        BareClient client = connect(server, "?model=gpt-realtime", Map.of("Authorization", "Bearer key"));
        client.await("conversation.created");
        return client;
    }

    /** Connected, with this session: what stands between the braces beside its type. */
    static BareClient openAi(RehearsalServer server, String session) {
        BareClient client = openAi(server);
        client.update(session);
        client.await("session.updated");
        return client;
    }

    void update(String session) {
        send("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\""
                + (session.isEmpty() ? "" : "," + session) + "}}");
    }

    void create() {
        send("{\"type\":\"response.create\"}");
    }

    void write(String text) {
        try {
            send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"input_text\",\"text\":" + MAPPER.writeValueAsString(text) + "}]}}");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void onOpen(WebSocket webSocket, Response response) {
        subprotocol = response.header("Sec-WebSocket-Protocol");
    }

    @Override
    public synchronized void onMessage(WebSocket webSocket, String text) {
        try {
            events.add(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            events.add(MAPPER.createObjectNode().put("type", "broken").put("text", text));
        }
    }

    @Override
    public synchronized void onMessage(WebSocket webSocket, ByteString bytes) {
        events.add(MAPPER.createObjectNode().put("type", "binary").put("text", bytes.hex()));
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        synchronized (this) {
            closeCode = code;
        }
        webSocket.close(code == 1005 ? 1000 : code, null);
    }

    @Override
    public synchronized void onFailure(WebSocket webSocket, Throwable t, @Nullable Response response) {
        httpStatus = response == null ? 0 : response.code();
        closeCode = closeCode == 0 ? 1006 : closeCode;
    }

    void send(String text) {
        socket.send(text);
    }

    void sendBinary(byte[] bytes) {
        socket.send(ByteString.of(bytes));
    }

    void append(Recording recording) {
        byte[] bytes = recording.pcm16().array();
        for (int from = 0; from < bytes.length; from += 9_600) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 9_600));
            send(append(piece));
        }
    }

    static String append(byte[] pcm16) {
        return "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                + Base64.getEncoder().encodeToString(pcm16) + "\"}";
    }

    /** A line of a caller, and the silence that ends the turn. */
    void say() {
        append(Recording.tone(Duration.ofMillis(600)).then(Recording.silence(Duration.ofMillis(600))));
    }

    void answer(String callId, String output) {
        send(output(callId, output));
    }

    static String output(String callId, String output) {
        try {
            return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                    + callId + "\",\"output\":" + MAPPER.writeValueAsString(output) + "}}";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<JsonNode> events() {
        return new ArrayList<>(events);
    }

    synchronized int closeCode() {
        return closeCode;
    }

    synchronized int httpStatus() {
        return httpStatus;
    }

    synchronized @Nullable String subprotocol() {
        return subprotocol;
    }

    List<JsonNode> events(String type) {
        return events().stream().filter(each -> type(each).equals(type)).toList();
    }

    /** The types in order, runs of the same two deltas as one {@code deltas}. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        for (JsonNode event : events()) {
            String type = type(event);
            boolean delta = type.startsWith("response.output_audio");
            String shown = delta ? "deltas" : type;
            if (!delta || types.isEmpty() || !types.get(types.size() - 1).equals("deltas")) {
                types.add(shown);
            }
        }
        return types;
    }

    /** The types in order, from the first of one type on, runs of the same one as one. */
    List<String> typesFrom(String first) {
        List<String> types = new ArrayList<>();
        for (JsonNode event : events()) {
            String type = type(event);
            boolean begun = !types.isEmpty() || type.equals(first);
            if (begun && (types.isEmpty() || !types.get(types.size() - 1).equals(type))) {
                types.add(type);
            }
        }
        return types;
    }

    static String type(JsonNode event) {
        return event.path("type").asText();
    }

    JsonNode await(String type) {
        return await(type, 1);
    }

    /** Waits for the n-th event of a type. */
    JsonNode await(String type, int count) {
        patiently(type + " no. " + count).until(() -> events(type).size() >= count);
        return events(type).get(count - 1);
    }

    private static ConditionFactory patiently(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    int awaitClose() {
        patiently("close").until(() -> closeCode() != 0);
        return closeCode();
    }

    void awaitEvent(Predicate<JsonNode> condition) {
        patiently("event").until(() -> events().stream().anyMatch(condition));
    }

    byte[] audio() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode event : events("response.output_audio.delta")) {
            bytes.writeBytes(Base64.getDecoder().decode(event.path("delta").asText()));
        }
        return bytes.toByteArray();
    }

    String transcript() {
        StringBuilder text = new StringBuilder();
        events("response.output_audio_transcript.delta")
                .forEach(event -> text.append(event.path("delta").asText()));
        return text.toString();
    }

    @Override
    public void close() {
        socket.close(1000, null);
    }
}
