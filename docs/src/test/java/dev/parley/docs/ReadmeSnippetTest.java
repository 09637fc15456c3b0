package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.audio.AudioLink;
import dev.parley.audio.AudioSink;
import dev.parley.audio.AudioSource;
import dev.parley.audio.MemorySink;
import dev.parley.audio.PcmFormat;
import dev.parley.audio.transcript.TranscriptMemory;
import dev.parley.core.Clock;
import dev.parley.core.VoiceAgent;
import dev.parley.core.VoiceSession;
import dev.parley.core.provider.Provider;
import dev.parley.testkit.RehearsalServer;
import dev.parley.testkit.Script;
import dev.parley.tools.ToolCall;
import dev.parley.tools.Toolbox;
import dev.parley.tools.ValuesFrom;
import jakarta.validation.constraints.FutureOrPresent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadmeSnippetTest {
    interface Clinic {
        List<LocalTime> freeTimes(String doctor, LocalDate day);

        List<String> doctors();
    }

    // region readme
    record ClinicTools(Clinic clinic) {
        @Tool("Free times of a doctor on a day")
        List<LocalTime> freeTimes(
                @P("the doctor") @ValuesFrom("doctors") String doctor, @P("the day") @FutureOrPresent LocalDate day) {
            return clinic.freeTimes(doctor, day);
        }

        List<String> doctors() {
            return clinic.doctors();
        }
    }

    static void answer(Provider provider, Clinic clinic, AudioSource caller, AudioSink line) {
        VoiceAgent agent = VoiceAgent.builder()
                .provider(provider) // Swaram.simple(System.getenv("SWARAM_API_KEY"))
                .instructions("You are Asha, a clinic receptionist. Speak Malayalam.")
                .with(Toolbox.of(new ClinicTools(clinic)))
                .with(TranscriptMemory.inMemory())
                .build();
        try (VoiceSession session =
                agent.session().with(AudioLink.between(caller, line)).connect()) {
            session.requestResponse(); // the agent greets
            session.awaitClosed(Duration.ofMinutes(10));
        }
    }
    // endregion

    @Test
    void theToolOfTheReadmeDoesWhatTheReadmeSays() {
        Toolbox toolbox = Toolbox.of(new ClinicTools(clinic()));
        assertThat(toolbox.definitions().get(0).parametersJson()).contains("\"enum\":[\"Lakshmi\",\"Thomas\"]");
        assertThat(call(toolbox, "Lakshmi", LocalDate.now(ZoneId.systemDefault())))
                .isEqualTo("{\"ok\":true,\"result\":[\"10:30:00\"]}");
        assertThat(call(
                        toolbox,
                        "Lakshmi",
                        LocalDate.now(ZoneId.systemDefault()).minusDays(1)))
                .startsWith("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\"");
        assertThat(call(toolbox, "Nobody", LocalDate.now(ZoneId.systemDefault())))
                .startsWith("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\"");
    }

    private static Clinic clinic() {
        return new Clinic() {
            @Override
            public List<LocalTime> freeTimes(String doctor, LocalDate day) {
                return List.of(LocalTime.of(10, 30));
            }

            @Override
            public List<String> doctors() {
                return List.of("Lakshmi", "Thomas");
            }
        };
    }

    private static String call(Toolbox toolbox, String doctor, LocalDate day) {
        String arguments = "{\"doctor\":\"" + doctor + "\",\"day\":\"" + day + "\"}";
        return toolbox.call(ToolCall.of("freeTimes", arguments))
                .toCompletableFuture()
                .join()
                .output();
    }

    @Test
    void theAgentOfTheReadmeAnswersACall() {
        PcmFormat format = new PcmFormat(24_000);
        AudioSource silentCaller = AudioSource.of(format, ByteBuffer.allocate(48_000));
        try (RehearsalServer server = RehearsalServer.start(
                        Script.named("greeting").greeting("നമസ്കാരം").build());
                MemorySink line = AudioSink.inMemory(format, Clock.system())) {
            var hangsUp = CompletableFuture.runAsync(() -> {
                server.awaitConnection(0).awaitFinished(Duration.ofSeconds(10));
                await().until(() -> line.heard().length > 0);
                server.connection(0).close(1000, "goodbye");
            });
            answer(server.provider(), clinic(), silentCaller, line);
            assertThat(hangsUp).succeedsWithin(Duration.ofSeconds(10));
            server.assertPassed();
        }
    }
}
