package dev.parley.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.core.event.ClientEvent;
import dev.parley.core.event.ResponseOptions;
import dev.parley.core.event.ServerEvent;
import dev.parley.core.event.SessionConfig;
import dev.parley.core.event.SessionSettings;
import dev.parley.core.event.ToolDefinition;
import dev.parley.core.event.TurnDetection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was asked for and not yet done when a connection was lost, or while there was none. */
@Timeout(60)
class LeftOverTest extends SessionStage {
    private static final String CREATE = "{\"type\":\"response.create\"";

    private final ManualClock clock = new ManualClock();
    private VoiceSession session;

    @BeforeEach
    void connect() {
        recorded.tools = List.of(new ToolDefinition("book", "", "{}"));
        session = agent().provider(openAi())
                .clock(clock)
                .reconnect(ReconnectPolicy.exponential().random(() -> 0.5))
                .build()
                .connect();
        assertThat(provider.next()).contains("session.update");
    }

    @AfterEach
    void hangUp() {
        session.close();
    }

    private void lose(int attempt) {
        provider.socket().close(1011, null);
        await().until(() -> recorded.told.stream().anyMatch(line -> line.startsWith("reconnecting " + attempt + " ")));
        provider.expectAnother();
    }

    /** The next attempt's socket opens, and is lost before it is configured. */
    private void failAnAttempt() {
        provider.confirmsConfiguration = false;
        clock.advance(Duration.ofMillis(500));
        assertThat(provider.next()).contains("session.update");
        lose(2);
        provider.confirmsConfiguration = true;
    }

    private void recover() {
        clock.advance(Duration.ofSeconds(1));
        assertThat(provider.next()).contains("session.update");
    }

    private void assertNothingElseIsSent() {
        provider.send("{'type':'response.created','response':{'id':'last'}}");
        await().until(() -> recorded.part.contains("ResponseCreated"));
        assertThat(provider.drained()).isEmpty();
    }

    @Test
    void aReplyThatWasAskedForAndNotBegunIsAskedForAgain() {
        session.requestResponse();
        assertThat(provider.next()).startsWith(CREATE);
        lose(1);
        recover();
        assertThat(provider.next()).startsWith(CREATE);
        assertNothingElseIsSent();
    }

    @Test
    void aRequestWithOptionsOfItsOwnGoesToTheNextConnection() {
        session.requestResponse(
                ResponseOptions.builder().instructions("Say hello.").build());
        assertThat(provider.nextJson().at("/response/instructions").asText()).isEqualTo("Say hello.");
        lose(1);
        failAnAttempt();
        recover();
        assertThat(provider.nextJson().at("/response/instructions").asText()).isEqualTo("Say hello.");
        assertNothingElseIsSent();
    }

    @Test
    void aReplyOutsideOfTheConversationThatHasNotBegunIsAskedForAgain() {
        session.requestResponse(ResponseOptions.builder()
                .outOfBand()
                .instructions("Is the caller content?")
                .build());
        assertThat(provider.nextJson().at("/response/instructions").asText()).isEqualTo("Is the caller content?");
        lose(1);
        failAnAttempt();
        recover();
        assertThat(provider.nextJson().at("/response/instructions").asText()).isEqualTo("Is the caller content?");
        assertNothingElseIsSent();
        assertThat(recorded.problems).isEmpty();
    }

    @Test
    void aReplyOutsideOfTheConversationThatWasBrokenOffIsToldAndNotRepeated() {
        session.requestResponse(ResponseOptions.builder()
                .outOfBand()
                .instructions("Is the caller content?")
                .build());
        assertThat(provider.next()).startsWith(CREATE);
        provider.send("{'type':'response.created','response':{'id':'r1','conversation_id':null}}");
        await().until(() -> recorded.part.contains("ResponseCreated"));
        lose(1);
        await().until(() -> !recorded.problems.isEmpty());
        assertThat(recorded.problems)
                .containsExactly(new Problem(
                        Problem.Kind.PROVIDER_ERROR,
                        "the connection was lost in the middle of 1 reply outside of the conversation. What came of it is not"
                                + " repeated: ask again"));
        recover();
        provider.send("{'type':'response.created','response':{'id':'last'}}");
        await().until(() ->
                recorded.part.stream().filter("ResponseCreated"::equals).count() == 2);
        assertThat(provider.drained()).isEmpty();
    }

    @Test
    void aReplyOutsideOfTheConversationThatIsAskedForAsJsonWhileAwayIsKnownWhenItBegins() {
        String aside = "{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}";
        lose(1);
        session.send(new ClientEvent.Raw(aside));
        session.requestResponse();
        failAnAttempt();
        recover();
        assertThat(provider.next()).isEqualTo(aside);
        assertThat(provider.next()).isEqualTo("{\"type\":\"response.create\",\"event_id\":\"parley_1\"}");
        provider.send("{'type':'response.created','response':{'id':'beside','conversation_id':null}}");
        await().until(() -> recorded.part.contains("ResponseCreated"));
        assertThat(recorded.events).endsWith(new ServerEvent.ResponseCreated("beside", true));
    }

    @Test
    void whatIsAskedForWhileAwayOutlivesAnAttemptThatFails() {
        lose(1);
        session.sendText("still there?");
        session.send(new ClientEvent.Raw("{\"type\":\"x.mine\"}"));
        session.requestResponse(
                ResponseOptions.builder().instructions("Say hello.").build());
        failAnAttempt();
        recover();
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("still there?");
        assertThat(List.of(provider.next(), provider.next()))
                .anyMatch(message -> message.contains("x.mine"))
                .anyMatch(message -> message.startsWith(CREATE));
        assertThat(provider.drained()).isEmpty();
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}",
                "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        assertThat(provider.nextJson().at("/response/instructions").asText()).isEqualTo("Say hello.");
    }

    @Test
    void whatWasSaidWhileConfiguringIsToldOnceByTheNext() {
        lose(1);
        provider.confirmsConfiguration = false;
        clock.advance(Duration.ofMillis(500));
        assertThat(provider.next()).contains("session.update");
        session.sendText("still there?");
        lose(2);
        provider.confirmsConfiguration = true;
        recover();
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("still there?");
        assertThat(provider.next()).startsWith(CREATE);
        assertNothingElseIsSent();
    }

    @Test
    void anOutputFromOutsideEndsItsCall() {
        askForATool();
        session.send(new ClientEvent.ToolOutput("c1", "{\"ok\":true}"));
        assertThat(provider.nextJson().at("/item/output").asText()).isEqualTo("{\"ok\":true}");
        assertThat(provider.next()).startsWith(CREATE);
        provider.send(
                "{'type':'response.created','response':{'id':'r2'}}",
                "{'type':'response.output_audio_transcript.delta','response_id':'r2','delta':'Done.'}",
                "{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        await().until(() ->
                recorded.part.stream().filter("ResponseDone"::equals).count() == 2);
        lose(1);
        clock.advance(Duration.ofMillis(500));
        assertThat(provider.next()).contains("session.update");
        assertThat(provider.nextJson().at("/item/content/0/text").asText())
                .isEqualTo("A tool was called: book{} -> {\"ok\":true}");
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("Done.");
    }

    @Test
    void aMessageFromOutsideIsPartOfTheConversationAndAsksForNothing() {
        session.send(new ClientEvent.Message("user", "My number is 7.", null));
        assertThat(provider.next()).contains("My number is 7.");
        lose(1);
        session.send(new ClientEvent.Message("system", "It is late.", null));
        failAnAttempt();
        recover();
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("My number is 7.");
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("It is late.");
        assertNothingElseIsSent();
    }

    @Test
    void anOutcomeThatComesWhileTheNextConnectionIsConfiguredIsToldAsLate() {
        askForATool();
        ToolRequest call = recorded.call("c1");
        lose(1);
        provider.confirmsConfiguration = false;
        clock.advance(Duration.ofSeconds(2));
        assertThat(provider.next()).contains("session.update");
        recorded.handle.answer(call, "{\"ok\":true}");
        provider.send("{'type':'session.updated'}");
        assertThat(provider.nextJson().at("/item/content/0/text").asText())
                .isEqualTo("A tool was called: book{} -> the outcome is unknown; check it before you repeat this call");
        assertThat(provider.nextJson().at("/item/content/0/text").asText())
                .isEqualTo("The outcome of the tool call book{} is known now: {\"ok\":true}");
        assertThat(provider.next()).startsWith(CREATE);
        assertNothingElseIsSent();
        assertThat(recorded.problems).isEmpty();
    }

    @Test
    void aCallGivenUpByOneAttemptIsToldWithItsOutcomeByTheNext() {
        askForATool();
        ToolRequest call = recorded.call("c1");
        lose(1);
        provider.confirmsConfiguration = false;
        clock.advance(Duration.ofSeconds(2));
        assertThat(provider.next()).contains("session.update");
        lose(2);
        provider.confirmsConfiguration = true;
        recorded.handle.answer(call, "{\"ok\":true}");
        recover();
        assertThat(provider.nextJson().at("/item/content/0/text").asText())
                .isEqualTo("A tool was called: book{} -> {\"ok\":true}");
        assertThat(provider.next()).startsWith(CREATE);
        assertThat(recorded.problems).isEmpty();
    }

    @Test
    void aCallThatWasAnsweredIsNotToldAgainWhenItIsAnsweredAgainByTheNextConnection() {
        askForATool();
        ToolRequest call = recorded.call("c1");
        recorded.handle.answer(call, "{\"ok\":true}");
        assertThat(provider.nextJson().at("/item/output").asText()).isEqualTo("{\"ok\":true}");
        assertThat(provider.next()).startsWith(CREATE);
        provider.send(
                "{'type':'response.created','response':{'id':'r2'}}",
                "{'type':'response.output_audio_transcript.delta','response_id':'r2','delta':'Done.'}",
                "{'type':'response.done','response':{'id':'r2','status':'completed'}}");
        await().until(() ->
                recorded.part.stream().filter("ResponseDone"::equals).count() == 2);
        lose(1);
        clock.advance(Duration.ofMillis(500));
        assertThat(provider.next()).contains("session.update");
        assertThat(provider.nextJson().at("/item/content/0/text").asText())
                .isEqualTo("A tool was called: book{} -> {\"ok\":true}");
        assertThat(provider.nextJson().at("/item/content/0/text").asText()).isEqualTo("Done.");
        recorded.handle.answer(call, "{\"ok\":false}");
        session.send(new ClientEvent.Raw("{\"type\":\"marker\"}"));
        assertThat(provider.next()).isEqualTo("{\"type\":\"marker\"}");
        assertThat(recorded.problems).isEmpty();
    }

    @Test
    void settingsThatChangeInMidSessionHoldOnceTheServerHasConfirmedThem() {
        SessionSettings quiet = SessionSettings.builder()
                .turnDetection(TurnDetection.serverVad().interruptsResponse(false))
                .build();
        recorded.playing = true;
        session.send(new ClientEvent.SessionUpdate(new SessionConfig(null, null, List.of(), quiet)));
        assertThat(provider.next()).contains("interrupt_response");
        await().until(() ->
                recorded.part.stream().filter("SessionUpdated"::equals).count() == 2);
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}", "{'type':'input_audio_buffer.speech_started'}");
        await().until(() -> recorded.part.contains("SpeechStarted"));
        assertThat(recorded.part).noneMatch(line -> line.startsWith("silence"));
    }

    private void askForATool() {
        provider.send(
                "{'type':'response.created','response':{'id':'r1'}}",
                "{'type':'response.output_item.done','response_id':'r1','item':{'id':'i1','type':'function_call',"
                        + "'status':'completed','call_id':'c1','name':'book','arguments':'{}'}}",
                "{'type':'response.done','response':{'id':'r1','status':'completed'}}");
        await().until(() -> recorded.part.contains("ResponseDone"));
    }
}
