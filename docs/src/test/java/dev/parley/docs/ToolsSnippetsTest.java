package dev.parley.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.parley.tools.Approver;
import dev.parley.tools.Sensitive;
import dev.parley.tools.Spoken;
import dev.parley.tools.SpokenNames;
import dev.parley.tools.ToolCall;
import dev.parley.tools.ToolContext;
import dev.parley.tools.ToolEtiquette;
import dev.parley.tools.ToolException;
import dev.parley.tools.ToolInterceptor;
import dev.parley.tools.ToolPolicy;
import dev.parley.tools.ToolResult;
import dev.parley.tools.Toolbox;
import dev.parley.tools.ValuesFrom;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.FutureOrPresent;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;

class ToolsSnippetsTest {
    // region tools
    static class ClinicTools {
        record FreeTimes(String doctor, LocalDate date, List<LocalTime> times) {}

        @Tool("Finds the free times of a doctor on a day.")
        @ToolPolicy(timeout = "5s", onInterrupt = ToolPolicy.OnInterrupt.CANCEL)
        FreeTimes checkAvailability(
                @P("the doctor") @ValuesFrom("doctorNames") String doctor,
                @P("the day") @FutureOrPresent LocalDate date) {
            return new FreeTimes(doctor, date, List.of(LocalTime.of(10, 0)));
        }

        @Tool("Cancels the caller's booking.")
        @ToolPolicy(serial = true, approval = true)
        void cancel(
                @P("ten digits") @Spoken @Sensitive @Pattern(regexp = "\\d{10}") String phone,
                @P("the name that was booked") String name,
                ToolContext context) {
            if (!SpokenNames.similar(name, "Anitha")) {
                throw new ToolException("There is no booking under this phone and name. Ask for both again.");
            }
        }

        List<String> doctorNames() {
            return List.of("Nair", "Thomas");
        }
    }
    // endregion

    @Test
    void tellsAndAnswers() {
        ClinicTools clinic = new ClinicTools();
        // region toolbox
        Toolbox toolbox = Toolbox.builder()
                .tools(clinic)
                .interceptor(ToolInterceptor.gate(
                        "cancel",
                        calls -> calls.stream()
                                .noneMatch(past -> past.call().name().equals("cancel")
                                        && past.result().ok()),
                        "One booking was cancelled already. Offer to connect a person for more."))
                .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()))
                .build();
        String instructions = "You are Asha, a clinic receptionist.\n" + ToolEtiquette.text();
        // endregion
        // region call
        ToolResult result = toolbox.call(
                        ToolCall.of("cancel", "{\"phone\":\"൯൮൪൭൦൧൨൩൪൫\",\"name\":\"Anita\"}"),
                        ToolContext.of("test-1", Map.of()))
                .toCompletableFuture()
                .join();
        assertThat(result.output()).isEqualTo("{\"ok\":true,\"result\":null}");
        // endregion
        assertThat(instructions).contains("Call them silently");

        String past = LocalDate.now(ZoneId.systemDefault()).minusDays(1).toString();
        ToolResult refused = toolbox.call(
                        ToolCall.of("checkAvailability", "{\"doctor\":\"Nair\",\"date\":\"" + past + "\"}"))
                .toCompletableFuture()
                .join();
        assertThat(refused.output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"invalid_arguments\",\"message\":\"date must be today or"
                        + " later\",\"violations\":[{\"argument\":\"date\",\"problem\":\"must be today or later\"}]}}");
    }

    // region context
    static class Desk {
        @Tool("Looks the order up. It may take a while.")
        @ToolPolicy(timeout = "30s", speakProgress = true)
        String findOrder(String number, ToolContext call) {
            call.progress("still looking");
            return "shipped on Monday";
        }

        @Tool("Hands the caller over to a person.")
        String person(ToolContext call) {
            call.transfer("desk-2");
            return "A person takes over. Say goodbye in one sentence.";
        }
    }
    // endregion

    @Test
    void isMeasured() {
        List<String> measured = new ArrayList<>();
        // region meter
        Toolbox toolbox = Toolbox.builder()
                .tools(new Desk())
                .executor(Runnable::run)
                .meter(call -> measured.add(call.tool() + " " + call.errorCode()))
                .build();
        // endregion
        assertThat(toolbox.call(ToolCall.of("findOrder", "{\"number\":\"7\"}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"shipped on Monday\"}");
        assertThat(toolbox.call(ToolCall.of("person", "{}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":false,\"error\":{\"code\":\"failed\",\"message\":\"This conversation is not a voice"
                        + " call: it cannot be ended or handed over.\"}}");
        assertThat(measured).containsExactly("findOrder null", "person failed");
    }

    @Test
    void needsAnApprover() {
        assertThatThrownBy(() -> Toolbox.of(new ClinicTools())).hasMessageContaining("there is no approver");
    }

    @Test
    void sharesToolsWithLangChain4j() {
        ToolSpecification specification = ToolSpecification.builder()
                .name("weather")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                .build();
        ToolExecutor executor = (request, memoryId) -> "sunny";
        // region langchain4j
        Toolbox toolbox = Toolbox.builder().tool(specification, executor).build();
        ToolProvider forAiServices = toolbox.asToolProvider();
        // endregion
        assertThat(toolbox.call(ToolCall.of("weather", "{\"city\":\"Kochi\"}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"sunny\"}");
        assertThat(forAiServices).isNotNull();
    }

    static class Tables {
        record Table(@Min(1) int guestCount, String area) {}

        @Tool("Books a table.")
        String book(Table table) {
            return table.guestCount() + " in " + table.area();
        }
    }

    @Test
    void readsAndSpeaksAsTheApplicationDoes() {
        ObjectMapper ofTheApplication =
                JsonMapper.builder().addModule(new ParameterNamesModule()).build();
        // region settings
        Toolbox toolbox = Toolbox.builder()
                .tools(new Tables())
                .objectMapper(ofTheApplication.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
                .locale(Locale.GERMAN)
                .timeout(Duration.ofSeconds(20))
                .build();
        ToolResult result = toolbox.call(ToolCall.of("book", "{\"table\":{\"guest_count\":0,\"area\":\"garden\"}}"))
                .toCompletableFuture()
                .join();
        assertThat(result.output()).contains("\"message\":\"table.guest_count muss größer-gleich 1 sein\"");
        // endregion
        assertThat(toolbox.definitions().get(0).parametersJson()).contains("\"guest_count\"");
    }

    @Test
    void checksWithTheValidatorOfTheApplication() {
        try (ValidatorFactory factory = Validation.byDefaultProvider()
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator(Set.of(Locale.FRENCH), Locale.FRENCH, false))
                .buildValidatorFactory()) {
            // region validator
            Toolbox toolbox = Toolbox.builder()
                    .tools(new Tables())
                    .validator(factory.getValidator()) // or the one that your framework injects
                    .build();
            // endregion
            assertThat(toolbox.call(ToolCall.of("book", "{\"table\":{\"guestCount\":0,\"area\":\"garden\"}}"))
                            .toCompletableFuture()
                            .join()
                            .output())
                    .contains("table.guestCount doit être supérieur ou égal à 1");
        }
    }
}
