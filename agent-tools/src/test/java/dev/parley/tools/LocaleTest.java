package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.parley.testkit.FakeClock;
import jakarta.validation.constraints.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told in the language of the toolbox, and what is English all the same: as docs/tools.md has it. */
class LocaleTest {
    private final OneArgument german = new OneArgument(Toolbox.builder()
            .tools(new EachConstraintTest.Tools(), new Days())
            .locale(Locale.GERMAN)
            .clock(new FakeClock(Instant.parse("2026-11-21T10:00:00Z")))
            .executor(Runnable::run)
            .build());

    static final class Days {
        @Tool
        String day(@Future LocalDate v) {
            return "" + v;
        }

        @Tool
        String ownDay(@Future(message = "ist schon vorbei") LocalDate v) {
            return "" + v;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "min | 2 | v muss größer-gleich 3 sein",
                "min | absent | v is required",
                "day | \"2020-01-01\" | v must be after today",
                "ownDay | \"2020-01-01\" | v ist schon vorbei",
                "email | \"a\" | v muss eine korrekt formatierte E-Mail-Adresse sein",
                "email | \"\" | v must be a well-formed email address",
            })
    void eachSentenceIsInItsLanguage(String tool, String value, String message) throws Exception {
        assertThat(german.answer(tool, value)).isEqualTo("invalid_arguments: " + message);
    }
}
