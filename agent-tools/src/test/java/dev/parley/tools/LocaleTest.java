package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told in the language of the toolbox, and what is English all the same: as docs/tools.md has it. */
class LocaleTest {
    private final OneArgument german = new OneArgument(Toolbox.builder()
            .tools(new Tools())
            .locale(Locale.GERMAN)
            .clock(new FakeClock(Instant.parse("2026-11-21T10:00:00Z")))
            .executor(Runnable::run)
            .build());

    static final class Tools {
        @Tool
        String count(@Min(1) int v) {
            return "" + v;
        }

        @Tool
        String day(@Future LocalDate v) {
            return "" + v;
        }

        @Tool
        String ownDay(@Future(message = "ist schon vorbei") LocalDate v) {
            return "" + v;
        }

        @Tool
        String mail(@Email String v) {
            return v;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "count | 0 | v muss größer-gleich 1 sein",
                "count | absent | v is required",
                "day | \"2020-01-01\" | v must be after today",
                "ownDay | \"2020-01-01\" | v ist schon vorbei",
                "mail | \"a\" | v muss eine korrekt formatierte E-Mail-Adresse sein",
                "mail | \"\" | v must be a well-formed email address",
            })
    void eachSentenceIsInItsLanguage(String tool, String value, String message) throws Exception {
        assertThat(german.answer(tool, value)).isEqualTo("invalid_arguments: " + message);
    }
}
