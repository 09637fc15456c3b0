package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import dev.langchain4j.agent.tool.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application's mapper may take class names from its own data. A model names no class, whatever that mapper does. */
class DefaultTypingTest {
    static final class Tools {
        @Tool
        String any(Object v) {
            return v.getClass().getSimpleName() + v;
        }

        @Tool
        String map(Map<String, Object> v) {
            return "" + v;
        }

        @Tool
        String list(List<Object> v) {
            return v.get(0).getClass().getSimpleName() + v;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "any | [\"java.io.File\",\"/etc/passwd\"] | ArrayList[java.io.File, /etc/passwd]",
                "any | {\"@class\":\"java.io.File\"} | LinkedHashMap{@class=java.io.File}",
                "map | {\"a\":[\"java.io.File\",\"/etc/passwd\"]} | {a=[java.io.File, /etc/passwd]}",
                "list | [[\"java.io.File\",\"/etc/passwd\"]] | ArrayList[[java.io.File, /etc/passwd]]",
            })
    void classNamesAreTextsLikeAnyOther(String tool, String value, String bound) throws Exception {
        for (JsonTypeInfo.As as : List.of(JsonTypeInfo.As.WRAPPER_ARRAY, JsonTypeInfo.As.PROPERTY)) {
            ObjectMapper mapper = new ObjectMapper()
                    .activateDefaultTyping(
                            LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.JAVA_LANG_OBJECT, as);

            assertThat(new OneArgument(Toolbox.builder()
                                    .tools(new Tools())
                                    .objectMapper(mapper)
                                    .executor(Runnable::run)
                                    .build())
                            .answer(tool, value))
                    .isEqualTo(bound);
        }
    }
}
