package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.provider.Credential;
import dev.parley.core.provider.Swaram;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session over a real loopback WebSocket. */
@Timeout(60)
class SessionTest {
    private final ProviderDouble provider = new ProviderDouble();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        provider.close();
    }

    private VoiceAgent.Builder agent() {
        return provider.agent().with(recorded).listener(recorded);
    }

    @Test
    void configuresFirstAndIsReadyOnceTheProviderConfirms() {
        recorded.tools = List.of(new ToolDefinition("look_up", "Looks up.", "{\"type\":\"object\",\"properties\":{}}"));
        try (VoiceSession session =
                agent().instructions("Be \"kind\".").voice("mal-female").build().connect()) {
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(provider.nextJson()).isEqualTo(ProviderDouble.json("""
                            {"type":"session.update","session":{"instructions":"Be \\"kind\\".","voice":"mal-female",
                            "tools":[{"type":"function","name":"look_up","description":"Looks up.",
                            "parameters":{"type":"object","properties":{}}}],"tool_choice":"auto"}}"""));
        }
        assertThat(recorded.part)
                .containsSubsequence(
                        "state CONNECTING",
                        "state CONFIGURING",
                        "> SessionUpdate",
                        "state READY",
                        "SessionUpdated",
                        "state CLOSED",
                        "closed 1000");
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void sendsNoToolChoiceWithoutTools() {
        try (VoiceSession session = provider.agent().build().connect()) {
            assertThat(provider.next()).isEqualTo("{\"type\":\"session.update\",\"session\":{}}");
        }
    }

    @Test
    void readsInstructionsForEachSessionAndAppendsAnEarlierConversation() {
        History earlier = () -> List.of(
                new History.Entry(History.Speaker.USER, "is the doctor in"),
                new History.Entry(History.Speaker.ASSISTANT, "yes"));
        VoiceAgent agent = provider.agent().instructions(() -> "Today.").build();
        try (VoiceSession session = agent.session().history(earlier).connect()) {
            assertThat(provider.nextJson().at("/session/instructions").asText())
                    .isEqualTo(
                            "Today.\n\nThis conversation goes on from an earlier one. What was said and done so far:\n"
                                    + "user: is the doctor in\nassistant: yes\n");
        }
    }

    @Test
    void keepsAudioUntilReadyAndSendsItAfterTheConfiguration() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        assertThat(provider.nextJson().at("/type").asText()).isEqualTo("session.update");
        VoiceSession session = recorded.handle.session();
        assertThat(session.appendAudio(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})))
                .isTrue();
        session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
        await().until(() -> recorded.part.contains("> Raw"));
        assertThat(provider.unread()).isZero();
        provider.send("{'type':'session.updated'}");
        connecting.get();
        // What the application said goes out too, but not ahead of the confirmed configuration.
        assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        assertThat(provider.next()).isEqualTo("{\"type\":\"input_audio_buffer.append\",\"audio\":\"AQIDBA==\"}");
        session.close();
    }

    @Test
    void keepsTheLastFiveSecondsBeforeReadyAndCountsWhatFallsOut() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        VoiceSession session = recorded.handle.session();
        for (int second = 0; second < 7; second++) {
            byte[] pcm = new byte[48_000];
            pcm[0] = (byte) second;
            assertThat(session.appendAudio(ByteBuffer.wrap(pcm))).isTrue();
        }
        assertThat(session.counters().audioDroppedBeforeReady()).isEqualTo(2 * 48_000);
        provider.send("{'type':'session.updated'}");
        connecting.get();
        for (int second = 2; second < 7; second++) {
            byte[] pcm =
                    Base64.getDecoder().decode(provider.nextJson().at("/audio").asText());
            assertThat(pcm[0]).isEqualTo((byte) second);
        }
        session.close();
    }

    @Test
    void carriesTheKeyInTheWayThatIsAskedFor() throws Exception {
        var base = provider.provider();
        for (var credential : List.of(Credential.bearer("k1"), Credential.query("api_key", "k2"), Credential.none())) {
            try (VoiceSession session = VoiceAgent.builder()
                    .provider(base.credential(credential))
                    .build()
                    .connect()) {
                assertThat(session.state()).isEqualTo(SessionState.READY);
            }
        }
        assertThat(provider.handshakes.get(0).getHeaders().get("Authorization")).isEqualTo("Bearer k1");
        assertThat(provider.handshakes.get(0).getUrl().queryParameter("model")).isEqualTo("mal-realtime-simple");
        assertThat(provider.handshakes.get(1).getUrl().queryParameter("api_key"))
                .isEqualTo("k2");
        assertThat(provider.handshakes.get(1).getHeaders().get("Authorization")).isNull();
        assertThat(provider.handshakes.get(2).getHeaders().get("Authorization")).isNull();
    }

    @Test
    void carriesTheKeyAsASubprotocol() {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(provider.provider().credential(Credential.subprotocol("k3")))
                .build();
        agent.session().connectAsync();
        await().until(() -> !provider.handshakes.isEmpty());
        assertThat(provider.handshakes.get(0).getHeaders().get("Sec-WebSocket-Protocol"))
                .isEqualTo("realtime, openai-insecure-api-key.k3");
    }

    @Test
    void deliversFourThousandEventsInOrder() {
        try (VoiceSession session = agent().build().connect()) {
            for (int i = 0; i < 4_000; i++) {
                provider.send("{'type':'response.output_audio_transcript.delta','delta':'" + i + "'}");
            }
            List<String> expected =
                    IntStream.range(0, 4_000).mapToObj(String::valueOf).toList();
            await().untilAsserted(() -> assertThat(recorded.events.stream()
                            .filter(ServerEvent.OutputTranscript.class::isInstance)
                            .map(event -> ((ServerEvent.OutputTranscript) event).delta()))
                    .containsExactlyElementsOf(expected));
        }
    }

    @Test
    void handsACallToItsPartAndSendsItsOutputWithoutAskingForAReply() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'resp_1'}}",
                    "{'type':'response.function_call_arguments.done','response_id':'resp_1','call_id':'call_1',"
                            + "'name':'look_up','arguments':'{}'}",
                    "{'type':'response.done','response':{'id':'resp_1','status':'completed'}}");
            await().until(() -> recorded.requests.size() == 1);
            assertThat(recorded.requests.get(0)).isEqualTo(new ToolRequest("call_1", "look_up", "{}", "resp_1"));
            recorded.answer("call_1", "{\"ok\":true}");
            assertThat(provider.next())
                    .isEqualTo("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\","
                            + "\"call_id\":\"call_1\",\"output\":\"{\\\"ok\\\":true}\"}}");
            session.send(new ClientEvent.ClearAudio());
            assertThat(provider.next()).contains("clear");
        }
    }

    @Test
    void takesTheNameOfACallFromAnyEventThatHasIt() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r'}}",
                    // The name comes before, with the item.
                    "{'type':'response.output_item.added','response_id':'r','item':{'id':'i1','type':'function_call',"
                            + "'call_id':'c1','name':'look_up'}}",
                    "{'type':'response.function_call_arguments.done','response_id':'r','item_id':'i1','arguments':'{1}'}",
                    // The name comes after, with the item.
                    "{'type':'response.function_call_arguments.done','response_id':'r','call_id':'c2','arguments':'{2}'}",
                    "{'type':'conversation.item.created','item':{'type':'function_call','call_id':'c2','name':'look_up'}}",
                    // The name comes never.
                    "{'type':'response.function_call_arguments.done','response_id':'r','call_id':'c3','arguments':'{3}'}",
                    // No id at all: nothing could be answered.
                    "{'type':'response.function_call_arguments.done','response_id':'r','name':'look_up','arguments':'{4}'}",
                    "{'type':'response.done','response':{'id':'r','status':'completed'}}",
                    "{'type':'response.output_item.done','response_id':'r','item':{'id':'i1','type':'function_call',"
                            + "'call_id':'c1','name':'look_up','arguments':'{1}'}}");
            await().until(() -> recorded.part.contains("OutputItem")
                    && recorded.part.lastIndexOf("OutputItem") > recorded.part.indexOf("ResponseDone"));
            assertThat(recorded.requests)
                    .containsExactly(
                            new ToolRequest("c1", "look_up", "{1}", "r"),
                            new ToolRequest("c2", "look_up", "{2}", "r"),
                            new ToolRequest("c3", "", "{3}", "r"));
            assertThat(recorded.problems).extracting(Problem::kind).containsExactly(Problem.Kind.CALL_UNANSWERABLE);
        }
    }

    @Test
    void fallsSilentBeforeAnybodySeesThatTheCallerSpeaks() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            recorded.playing = true;
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            provider.sendAudio("r1", "i1", 48_000);
            await().until(() -> session.counters().audioReceived() == 48_000);
            session.playedUpTo("i1", Duration.ofMillis(300));
            await().until(() -> recorded.part.contains("played i1 300"));
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 1_000);
            provider.send("{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            provider.sendAudio("r1", "i1", 2_000);
            provider.send("{'type':'response.created','response':{'id':'r2'}}");
            provider.sendAudio("r2", "i2", 10);
            await().until(() -> session.counters().audioReceived() == 51_010);
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence CALLER_SPOKE",
                            "interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=i1, heard=PT0.3S]",
                            "SpeechStarted",
                            "ResponseDone",
                            "ResponseCreated",
                            "OutputAudio");
            assertThat(recorded.part.stream().filter("OutputAudio"::equals)).hasSize(2);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(3_000);
            // The server cancelled by itself: a cancel of ours would be one too many.
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        }
    }

    @Test
    void dropsLateAudioWithoutIdsUntilTheNextReply() {
        String audio = "{'type':'response.output_audio.delta','delta':'AAAA'}";
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created'}", audio, "{'type':'input_audio_buffer.speech_started'}", audio);
            provider.send("{'type':'response.done','status':'cancelled'}", audio, "{'type':'response.created'}", audio);
            await().until(() -> session.counters().audioReceived() == 12);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(6);
        }
    }

    @Test
    void interruptSilencesFirstAndThenCancels() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            session.interrupt();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            await().until(() -> recorded.told.contains("interrupted REQUESTED"));
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence REQUESTED",
                            "> CancelResponse",
                            "interrupted Interruption[cause=REQUESTED," + " responseId=r1, itemId=null, heard=PT0S]");
            session.interrupt();
            session.send(new ClientEvent.CommitAudio());
            assertThat(provider.next()).contains("commit");
        }
    }

    @Test
    void aPartThatHearsTheCallerFirstInterruptsAsTheCallerAndCancelsAndTheProvidersOwnWordChangesNothing() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            provider.send("{'type':'response.created','response':{'id':'r1'}}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            recorded.handle.callerSpoke();
            assertThat(provider.next()).isEqualTo("{\"type\":\"response.cancel\"}");
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            await().until(() -> recorded.told.contains("ResponseDone"));
            assertThat(recorded.part)
                    .containsSubsequence(
                            "silence CALLER_SPOKE",
                            "> CancelResponse",
                            "interrupted Interruption[cause=CALLER_SPOKE, responseId=r1, itemId=null, heard=PT0S]",
                            "SpeechStarted",
                            "ResponseDone");
            assertThat(recorded.told.stream().filter(each -> each.startsWith("interrupted")))
                    .containsExactly("interrupted CALLER_SPOKE");
            session.send(new ClientEvent.CommitAudio());
            assertThat(provider.next()).contains("commit");
        }
    }

    @Test
    void tellsOfAReplyThatTheProviderCutByItself() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r1','status':'cancelled'}}");
            await().until(() -> recorded.told.contains("interrupted PROVIDER"));
        }
    }

    @Test
    void clampsWhatWasHeardToWhatWasReceivedAndNeverGoesBack() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.created','response':{'id':'r'}}");
            provider.sendAudio("r", "i", 4_800);
            await().until(() -> session.counters().audioReceived() == 4_800);
            session.playedUpTo("i", Duration.ofMillis(60));
            session.playedUpTo("i", Duration.ofMillis(40));
            session.playedUpTo("i", Duration.ofMillis(500));
            session.playedUpTo("i", Duration.ofMillis(600));
            await().until(() -> recorded.part.contains("played i 100"));
            assertThat(recorded.part.stream().filter(line -> line.startsWith("played")))
                    .containsExactly("played i 60", "played i 100");
            assertThatThrownBy(() -> session.playedUpTo("i", Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void survivesWhateverTheProviderSends() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "not json",
                    "[]",
                    "{}",
                    "{'type':7}",
                    "{'type':'response.output_audio.delta'}",
                    "{'type':'response.output_audio.delta','delta':'*'}",
                    "{'type':'conversation.item.created','item':7}",
                    "{'type':'response.done'} trailing",
                    "{'type':'response.done','response':[1,{}],'output':{}}",
                    "{'type':'error'}",
                    "{'type':'error','error':{'code':'odd','message':'so'}}",
                    "{'type':'something.new','x':[1,2,{'y':null}]}");
            provider.socket().send(ByteString.of((byte) 1));
            await().until(() -> session.counters().malformedMessages() == 9 && recorded.problems.size() == 12);
            assertThat(session.state()).isEqualTo(SessionState.READY);
            assertThat(session.counters().unrecognizedEvents()).isEqualTo(1);
            assertThat(recorded.events)
                    .contains(new ServerEvent.Unrecognized(
                            "something.new", "{\"type\":\"something.new\",\"x\":[1,2,{\"y\":null}]}"));
            assertThat(recorded.problems)
                    .extracting(Problem::message)
                    .containsExactly(
                            "swaram sent a message that was skipped: not valid JSON at character 0",
                            "swaram sent a message that was skipped: a message must be a JSON object",
                            "swaram sent a message that was skipped: a message must have a type",
                            "swaram sent a message that was skipped: a message must have a type",
                            "swaram sent a message that was skipped: response.output_audio.delta: delta is missing or not"
                                    + " text",
                            "swaram sent a message that was skipped: response.output_audio.delta: delta is not base64",
                            "swaram sent a message that was skipped: conversation.item.created: item is missing",
                            "swaram sent a message that was skipped: not valid JSON at character 25",
                            "swaram ended a reply that it had not begun",
                            "swaram reports an error without a code",
                            "swaram reports odd",
                            "swaram sent a message that was skipped: a binary message of 1 bytes: events are text");
        }
    }

    @Test
    void aPartThatThrowsIsReportedAndTheOthersGoOn() {
        SessionExtension broken = handle -> new SessionPart() {
            @Override
            public void onServerEvent(ServerEvent event) {
                throw new IllegalStateException("boom");
            }
        };
        try (VoiceSession session = provider.agent()
                .with(broken)
                .with(recorded)
                .listener(recorded)
                .build()
                .connect()) {
            provider.send("{'type':'response.created'}");
            await().until(() -> recorded.part.contains("ResponseCreated"));
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems.get(0).kind()).isEqualTo(Problem.Kind.EXTENSION_FAILED);
            assertThat(session.state()).isEqualTo(SessionState.READY);
        }
    }

    @Test
    void aSlowListenerHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        SessionListener slow = new SessionListener() {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (VoiceSession session = agent().listener(slow).build().connect()) {
            for (int i = 0; i < 6_000; i++) {
                provider.send("{'type':'x'}");
            }
            await().until(() -> session.counters().unrecognizedEvents() == 6_000);
            assertThat(session.counters().eventsNotTold()).isBetween(1_800L, 2_000L);
            release.countDown();
        }
        assertThat(recorded.told).endsWith("closed CLOSED_BY_US 1000");
    }

    @Test
    void masksSensitiveArgumentsForEverybodyButTheToolItself() {
        recorded.tools = List.of(new ToolDefinition("cancel", "", "{}", Set.of("phone", "who.phones")));
        try (VoiceSession session = agent().build().connect()) {
            provider.send("{'type':'response.function_call_arguments.done','call_id':'c1','name':'cancel','arguments':"
                    + "'{\\'phone\\':\\'98470\\',\\'who\\':{\\'name\\':\\'Meera\\',\\'phones\\':[1,2]}}'}");
            await().until(() -> recorded.requests.size() == 1);
            ToolRequest request = recorded.requests.get(0);
            assertThat(request.argumentsJson())
                    .isEqualTo("{\"phone\":\"98470\",\"who\":{\"name\":\"Meera\",\"phones\":[1,2]}}");
            String masked = "{\"phone\":\"***\",\"who\":{\"name\":\"Meera\",\"phones\":\"***\"}}";
            recorded.handle.report(new ToolOutcome(request, true, null, "{}", Duration.ZERO));
            await().until(() -> recorded.told.contains("outcome cancel " + masked));
            assertThat(recorded.told).contains("request cancel " + masked);
            assertThat(recorded.part).contains("outcome cancel " + masked);
            assertThat(((ServerEvent.FunctionCallArguments) recorded.events.get(recorded.events.size() - 1))
                            .arguments())
                    .isEqualTo(masked);
        }
    }

    @Test
    void holdsAnOutputThatBecomesReadyWhileTheCallerHasTheFloor() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        ManualClock clock = new ManualClock();
        try (VoiceSession session = agent().clock(clock).build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    call("r1", "c1"),
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}",
                    "{'type':'input_audio_buffer.speech_started'}");
            await().until(() -> recorded.part.contains("SpeechStarted"));
            recorded.answer("c1", "1");
            provider.send(
                    "{'type':'input_audio_buffer.speech_stopped'}",
                    "{'type':'response.created','response':{'id':'r2'}}",
                    call("r2", "c2"));
            await().until(() -> recorded.requests.size() == 2);
            // The reply to the caller cannot go on without its own call's output.
            recorded.answer("c2", "2");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
            provider.send("{'type':'response.done','response':{'id':'r2','status':'completed'}}");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
            // A cough: no reply comes, and the output waits ten seconds at most.
            provider.send("{'type':'response.created','response':{'id':'r3'}}", call("r3", "c3"));
            provider.send("{'type':'response.done','response':{'id':'r3'}}");
            provider.send(
                    "{'type':'input_audio_buffer.speech_started'}", "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.requests.size() == 3
                    && recorded.part.lastIndexOf("SpeechStopped") > recorded.part.lastIndexOf("ResponseDone"));
            recorded.answer("c3", "3");
            await().until(() -> clock.waiting() > 0);
            assertThat(provider.unread()).isZero();
            clock.advance(Duration.ofSeconds(10));
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c3");
        }
    }

    private static String call(String response, String call) {
        return "{'type':'response.function_call_arguments.done','response_id':'" + response + "','call_id':'" + call
                + "','name':'look_up','arguments':'{}'}";
    }

    @Test
    void refusesWhatTheProviderDoesNotHave() {
        try (VoiceSession session = agent().build().connect()) {
            assertThatThrownBy(() -> session.sendText("hello"))
                    .isInstanceOf(UnsupportedByProviderException.class)
                    .hasMessage("swaram takes no text from the user: send the caller's voice with appendAudio");
            assertThatThrownBy(() -> session.part(Runnable.class)).isInstanceOf(NoSuchElementException.class);
        }
        URI endpoint = provider.provider().endpoint();
        try (VoiceSession premium = VoiceAgent.builder()
                .provider(Swaram.premium("some-model", "key").endpoint(endpoint))
                .build()
                .connect()) {
            assertThatThrownBy(premium::requestResponse).isInstanceOf(UnsupportedByProviderException.class);
        }
    }

    @Test
    void controlOvertakesAudioAndAudioIsBounded() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            int accepted = 0;
            while (session.appendAudio(ByteBuffer.wrap(new byte[48_000]))) {
                accepted++;
            }
            session.send(new ClientEvent.CancelResponse(null));
            int before = 0;
            while (!provider.next().equals("{\"type\":\"response.cancel\"}")) {
                before++;
            }
            assertThat(accepted).isGreaterThanOrEqualTo(16);
            assertThat(before).isLessThan(accepted);
            assertThat(session.counters().audioRefused()).isEqualTo(48_000);
        }
    }

    @Test
    void theSixtyFifthSessionConnectsToo() {
        VoiceAgent agent = provider.agent().build();
        List<VoiceSession> sessions = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            sessions.add(agent.connect());
        }
        assertThat(sessions.stream().map(VoiceSession::state).collect(Collectors.toSet()))
                .containsExactly(SessionState.READY);
        sessions.forEach(VoiceSession::close);
    }

    /** With Nagle's algorithm on, a response.create after a tool's output waits 44 ms for an acknowledgement on loopback. */
    @Test
    void socketsHaveNaglesAlgorithmOff() throws Exception {
        List<Socket> sockets = new CopyOnWriteArrayList<>();
        SocketFactory writesDown = new SocketFactory() {
            @Override
            public Socket createSocket() {
                Socket socket = new Socket();
                sockets.add(socket);
                return socket;
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new AssertionError("OkHttp connects by itself");
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
                throw new AssertionError("OkHttp connects by itself");
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new AssertionError("OkHttp connects by itself");
            }

            @Override
            public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
                throw new AssertionError("OkHttp connects by itself");
            }
        };
        OkHttpClient client =
                new OkHttpClient.Builder().socketFactory(writesDown).build();
        try (VoiceSession session = agent().httpClient(client).build().connect()) {
            assertThat(sockets).hasSize(1);
            assertThat(sockets.get(0).getTcpNoDelay()).isTrue();
        }
    }

    @Test
    void theClosedSessionTakesNothing() {
        VoiceSession session = agent().build().connect();
        session.close();
        session.close();
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(session.appendAudio(ProviderDouble.pcm(2))).isFalse();
        session.interrupt();
        session.send(new ClientEvent.ClearAudio());
        assertThat(session.awaitClosed(Duration.ZERO)).isTrue();
        assertThat(session.closeReason()).isNotNull();
        assertThat(recorded.told.stream().filter(line -> line.startsWith("closed")))
                .hasSize(1);
    }

    @Test
    void closesInBoundedTimeWhenTheProviderNeverAnswers() {
        provider.answersClose = false;
        VoiceSession session = agent().build().connect();
        session.close();
        assertThat(session.awaitClosed(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void closesFromAListener() {
        SessionListener hangsUp = new SessionListener() {
            @Override
            public void onEvent(VoiceSession session, ServerEvent event) {
                if (event instanceof ServerEvent.ResponseDone) {
                    session.close();
                }
            }
        };
        VoiceSession session = agent().listener(hangsUp).build().connect();
        provider.send("{'type':'response.done'}");
        assertThat(session.awaitClosed(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void writersFinishBeforeTheEndIsTold() {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch slowly = new CountDownLatch(1);
        SessionExtension writer = handle -> {
            var executor = handle.serialExecutor("writer");
            return new SessionPart() {
                @Override
                public void onClosed(CloseReason reason) {
                    executor.execute(() -> {
                        try {
                            slowly.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        order.add("written");
                    });
                }
            };
        };
        SessionListener listener = new SessionListener() {
            @Override
            public void onClosed(VoiceSession session, CloseReason reason) {
                order.add("told");
            }
        };
        VoiceSession session =
                provider.agent().with(writer).listener(listener).build().connect();
        var unused = CompletableFuture.runAsync(() -> {
            await().until(() -> session.state() == SessionState.CLOSED);
            slowly.countDown();
        });
        session.close();
        assertThat(order).containsExactly("written", "told");
    }

    @Test
    void aPartCanBeFoundByItsType() {
        try (VoiceSession session = agent().build()
                .session()
                .conversationId("42")
                .attribute("customer", 7)
                .connect()) {
            assertThat(session.part(Recorded.class)).isSameAs(recorded);
            assertThat(session.conversationId()).isEqualTo("42");
            assertThat(session.attributes()).containsEntry("customer", 7);
            assertThat(session).hasToString("VoiceSession[42, READY]");
        }
    }

    @Test
    void audioGoesOutByteForByteInWholeSamples() {
        try (VoiceSession session = agent().build().connect()) {
            provider.next();
            byte[] pcm = "any bytes, an odd number".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer slice = ByteBuffer.wrap(pcm, 3, 7);
            assertThat(session.appendAudio(slice)).isTrue();
            assertThat(slice.position()).isEqualTo(3);
            assertThat(session.appendAudio(ByteBuffer.wrap(pcm, 10, 4))).isTrue();
            assertThat(audio(provider.nextJson())).isEqualTo(" bytes");
            // The byte that was odd comes with the next piece, whose last one is odd now.
            assertThat(audio(provider.nextJson())).isEqualTo(", an");
        }
    }

    private static String audio(JsonNode append) {
        return new String(Base64.getDecoder().decode(append.at("/audio").asText()), StandardCharsets.US_ASCII);
    }

    /** A source of odd pieces, some of which were dropped before the session was ready, once became noise for good. */
    @Test
    void whatIsDroppedNeverShiftsWhatFollowsByAByte() throws Exception {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        VoiceSession session = recorded.handle.session();
        byte[] all = new byte[251_748];
        for (int i = 1; i < all.length; i += 2) {
            all[i] = 1;
        }
        for (int at = 0; at + 999 <= all.length; at += 999) {
            assertThat(session.appendAudio(ByteBuffer.wrap(all, at, 999))).isTrue();
        }
        assertThat(session.counters().audioDroppedBeforeReady()).isPositive();
        provider.send("{'type':'session.updated'}");
        connecting.get();
        for (int frame = 0; frame < 240; frame++) {
            byte[] pcm =
                    Base64.getDecoder().decode(provider.nextJson().at("/audio").asText());
            assertThat(pcm[0]).isZero();
            assertThat(pcm[pcm.length - 1]).isEqualTo((byte) 1);
        }
        session.close();
    }

    @Test
    void aQuietSessionOutlivesTheReadTimeoutOfTheHttpClient() {
        OkHttpClient impatient =
                new OkHttpClient.Builder().readTimeout(Duration.ofMillis(100)).build();
        try (VoiceSession session = agent().httpClient(impatient).build().connect()) {
            assertThat(session.awaitClosed(Duration.ofMillis(500))).isFalse();
            provider.send("{'type':'still.here'}");
            await().until(() -> session.counters().unrecognizedEvents() == 1);
        }
    }

    @Test
    void whatAPartReportsWhileItOpensIsHeard() {
        SessionExtension warns = handle -> {
            handle.report(new Problem(Problem.Kind.TOOL_DEFINITION, "no live values"));
            return new SessionPart() {};
        };
        try (VoiceSession session =
                provider.agent().with(warns).listener(recorded).build().connect()) {
            await().until(() -> recorded.problems.size() == 1);
        }
    }

    @Test
    void theConfigurationGoesOutBeforeAnythingThatAnybodyAsks() {
        SessionExtension hasty = handle -> {
            handle.session().requestResponse();
            return new SessionPart() {};
        };
        try (VoiceSession session = provider.agent().with(hasty).build().connect()) {
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("session.update");
            assertThat(provider.nextJson().at("/type").asText()).isEqualTo("response.create");
        }
    }

    @Test
    void theEndOfAnOlderReplyLeavesTheCurrentOneAlone() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r0'}}",
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r0','status':'cancelled'}}");
            provider.sendAudio("r1", "i1", 100);
            await().until(() -> session.counters().audioReceived() == 100);
            assertThat(session.counters().lateAudioDropped()).isZero();
            assertThat(recorded.told).noneMatch(line -> line.startsWith("interrupted"));
        }
    }

    @Test
    void audioThatComesBeforeItsReplyBeganCanBeInterruptedToo() {
        try (VoiceSession session = agent().build().connect()) {
            provider.sendAudio("r1", "i1", 10);
            provider.send("{'type':'input_audio_buffer.speech_started'}");
            provider.sendAudio("r1", "i1", 20);
            await().until(() -> session.counters().audioReceived() == 30);
            assertThat(session.counters().lateAudioDropped()).isEqualTo(20);
        }
    }

    @Test
    void audioAfterAReplyHadEndedIsDroppedAndToldOnce() {
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
            provider.sendAudio("r1", "i1", 10);
            provider.sendAudio("r1", "i1", 10);
            await().until(() -> session.counters().lateAudioDropped() == 20);
            await().until(() -> !recorded.problems.isEmpty());
            assertThat(recorded.problems)
                    .containsExactly(new Problem(
                            Problem.Kind.OUT_OF_ORDER,
                            "swaram sent audio for a reply that was already done; it is dropped and counted"));
        }
    }

    @Test
    void aCallThatOnlyItsItemTellsIsACallAndIsOneCall() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        try (VoiceSession session = agent().build().connect()) {
            provider.send(
                    "{'type':'response.created','response':{'id':'r'}}",
                    "{'type':'conversation.item.done','item':{'id':'i1','type':'function_call','status':'completed',"
                            + "'call_id':'c1','name':'look_up','arguments':'{}'}}",
                    "{'type':'response.function_call_arguments.done','item_id':'i1','call_id':'c1','name':'look_up',"
                            + "'arguments':'{}'}",
                    "{'type':'response.output_item.added','response_id':'r','item':{'id':'i2','type':'function_call',"
                            + "'call_id':'c2','name':'look_up'}}",
                    "{'type':'response.done','response':{'id':'r','status':'completed'},'error':null}");
            await().until(() -> recorded.part.contains("ResponseDone"));
            await().until(() -> recorded.requests.size() == 2);
            assertThat(recorded.requests).extracting(ToolRequest::callId).containsExactly("c1", "c2");
        }
    }

    @Test
    void masksWhatNoPathCanReach() {
        recorded.tools = List.of(new ToolDefinition("cancel", "", "{}", Set.of("phone")));
        try (VoiceSession session = agent().build().connect()) {
            for (String arguments : List.of("\\\"{'phone':1}\\\"", "['98470']", "{oops", "7")) {
                provider.send(
                        "{'type':'response.function_call_arguments.done','call_id':'c','name':'cancel','arguments':"
                                + "'" + arguments.replace("'", "\\'") + "'}");
            }
            provider.send("{'type':'response.function_call_arguments.done','call_id':'c','name':'cancle','arguments':"
                    + "'{\\'phone\\':1}'}");
            await().until(() -> recorded.requests.size() == 5);
            await().until(() -> recorded.told.stream()
                            .filter(line -> line.startsWith("request"))
                            .count()
                    == 5);
            assertThat(recorded.told.stream().filter(line -> line.startsWith("request")))
                    .allMatch(line -> line.endsWith(" \"***\""));
        }
    }

    @Test
    void theFloorIsFreeTenSecondsAfterACough() {
        recorded.tools = List.of(new ToolDefinition("look_up", "", "{}"));
        ManualClock clock = new ManualClock();
        try (VoiceSession session = agent().clock(clock).build().connect()) {
            provider.next();
            provider.send(
                    "{'type':'response.created','response':{'id':'r1'}}",
                    call("r1", "c1"),
                    call("r1", "c2"),
                    call("r1", "c3"),
                    "{'type':'response.done','response':{'id':'r1','status':'completed'}}",
                    "{'type':'input_audio_buffer.speech_started'}",
                    "{'type':'input_audio_buffer.speech_stopped'}");
            await().until(() -> recorded.part.contains("SpeechStopped"));
            recorded.answer("c1", "1");
            recorded.answer("c2", "2");
            session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
            assertThat(provider.next()).contains("marker");
            clock.advance(Duration.ofSeconds(10));
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c1");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c2");
            recorded.answer("c3", "3");
            assertThat(provider.nextJson().at("/item/call_id").asText()).isEqualTo("c3");
        }
    }

    @Test
    void whatIsChainedToConnectAsyncMayBlock() throws Exception {
        VoiceSession session = agent().build()
                .session()
                .connectAsync()
                .thenApply(ready -> {
                    ready.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
                    provider.next();
                    assertThat(provider.next()).contains("marker");
                    return ready;
                })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        session.close();
    }

    @Test
    void aSessionThatNobodyWaitsForAnyMoreEndsAndTellsNoListener() {
        provider.confirmsConfiguration = false;
        var connecting = agent().build().session().connectAsync().toCompletableFuture();
        provider.next();
        connecting.cancel(true);
        await().until(() -> recorded.part.contains("closed 1000"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
    }

    @Test
    void anInterruptedConnectEndsItsSession() throws Exception {
        provider.confirmsConfiguration = false;
        VoiceAgent agent = agent().build();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread connecting = new Thread(() -> {
            try {
                agent.connect();
            } catch (SessionException e) {
                thrown.add(e);
            }
        });
        connecting.start();
        provider.next();
        connecting.interrupt();
        connecting.join(5_000);
        assertThat(thrown).singleElement().asString().contains("interrupted while the session was connecting");
        await().until(() -> recorded.part.contains("closed 1000"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
    }

    @Test
    void aCallThatIsOpenAtTheEndIsWaitedFor() {
        CompletableFuture<Void> running = new CompletableFuture<>();
        SessionExtension slowTool = handle -> new SessionPart() {
            @Override
            public CompletableFuture<Void> ending() {
                handle.report(
                        new ToolOutcome(new ToolRequest("c", "book", "{}", null), true, null, "{}", Duration.ZERO));
                return running;
            }
        };
        VoiceSession session =
                provider.agent().with(slowTool).listener(recorded).build().connect();
        var closing = CompletableFuture.runAsync(session::close);
        await().until(() -> recorded.told.contains("outcome book {}"));
        assertThat(recorded.told).noneMatch(line -> line.startsWith("closed"));
        running.complete(null);
        closing.join();
        assertThat(recorded.told).endsWith("outcome book {}", "closed CLOSED_BY_US 1000");
    }
}
