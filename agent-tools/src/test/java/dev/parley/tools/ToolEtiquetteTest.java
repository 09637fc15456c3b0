package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ToolEtiquetteTest {
    @Test
    void isWordForWordWhatTheModelIsTold() {
        assertThat(ToolEtiquette.text()).isEqualTo("""
                        When you use tools:
                        - Call them silently. Do not announce a call, and do not fill the wait.
                        - Say that something is done only after the tool's result has "ok": true.
                        - If "ok" is false, read the error: correct the arguments, or ask the caller for what is missing. Never pretend.
                        - Never invent an identifier, a date, a name or a number. Use what the caller said or a tool returned.
                        - After a result, say what the caller needs from it in one short sentence.
                        - If a result says that the outcome is unknown, check it before you try again.
                        """);
    }

    static final class Slow {
        @Tool
        void go() {}
    }

    /** The etiquette speaks of words that results really have. */
    @Test
    void namesWhatResultsHold() {
        assertThat(CallRunner.timeout("go", Duration.ofSeconds(1)).output())
                .contains("\"ok\":false")
                .contains("whether it took effect is unknown");
        assertThat(Toolbox.builder()
                        .tools(new Slow())
                        .executor(Runnable::run)
                        .build()
                        .call(ToolCall.of("go", "{}"))
                        .toCompletableFuture()
                        .join()
                        .output())
                .contains("\"ok\":true");
    }
}
