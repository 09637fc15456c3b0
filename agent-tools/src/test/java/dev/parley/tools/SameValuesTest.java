package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.agent.tool.Tool;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as the same value twice: what JSON Schema says, which compares JSON, and not what Java says of its objects. */
class SameValuesTest {
    private static final String TWICE = "invalid_arguments: v must not hold the same value twice";

    static final class Guest {
        public String name = "";
        public int age;

        @Override
        public String toString() {
            return name;
        }
    }

    record Open(@JsonAnySetter Map<LocalTime, Integer> rest) {}

    static final class Tools {
        @Tool
        String times(Set<LocalTime> v) {
            return "" + v;
        }

        @Tool
        String spans(Set<Duration> v) {
            return "" + v;
        }

        @Tool
        String instants(Set<Instant> v) {
            return "" + v;
        }

        @Tool
        String decimals(Set<BigDecimal> v) {
            return "" + v;
        }

        @Tool
        String integers(SortedSet<Integer> v) {
            return "" + v;
        }

        @Tool
        String guests(Set<Guest> v) {
            return v.size() + "";
        }

        @Tool
        String anything(Set<Object> v) {
            return "" + v;
        }

        @Tool
        String map(Map<LocalTime, Integer> v) {
            return "" + new LinkedHashMap<>(v);
        }

        @Tool
        String open(Open v) {
            return "" + v.rest();
        }
    }

    private final OneArgument types = new OneArgument(new Tools());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "times | ['14:30','14:30:00'] | [14:30]",
                "times | ['14:30','14:31','14:30'] | ",
                "spans | ['PT60M','PT1H'] | [PT1H]",
                "instants | ['2026-01-31T14:30:00Z','2026-01-31T20:00:00+05:30'] | [2026-01-31T14:30:00Z]",
                "decimals | [1,1.5] | [1, 1.5]",
                "integers | [2,1] | [1, 2]",
                "guests | [{'name':'A','age':1},{'name':'A','age':2}] | 2",
                "anything | [0,false,'',null,[],{}] | [0, false, , null, [], {}]",
                "anything | [{'a':[]},{'a':[]}] | ",
            })
    void setsHoldWhatJsonSchemaHoldsForDifferent(String tool, String value, String bound) throws Exception {
        String json = value.replace('\'', '"');
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(types.parameters(tool), InputFormat.JSON);

        assertThat(schema.validate("{\"v\":" + json + "}", InputFormat.JSON).isEmpty())
                .isEqualTo(bound != null);
        assertThat(types.answer(tool, json)).isEqualTo(bound == null ? TWICE : bound);
    }

    /** By value: JSON Schema's core, 4.2.2. The validator of these tests holds them for different. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "decimals | [1,1.0]",
                "decimals | [100,1e2]",
                "integers | [2,2.0]",
                "guests | [{'name':'A','age':1},{'age':1.0,'name':'A'}]",
                "anything | [[1],[1.0]]",
            })
    void numbersAreTheSameHoweverTheyAreWritten(String tool, String value) throws Exception {
        assertThat(types.answer(tool, value.replace('\'', '"'))).isEqualTo(TWICE);
    }

    /** JSON Schema has no word for it, and one of the two values would be lost. */
    @Test
    void twoNamesOfOneKeyAreRefused() throws Exception {
        assertThat(types.answer("map", "{\"14:30\":1,\"14:31\":2}")).isEqualTo("{14:30=1, 14:31=2}");
        assertThat(types.answer("map", "{\"14:30\":1,\"14:30:00\":2}"))
                .isEqualTo("invalid_arguments: v.14:30:00 is the same as another name here; give it once");
        assertThat(types.answer("open", "{\"14:30\":1,\"14:30:00\":2}"))
                .isEqualTo("invalid_arguments: v.14:30:00 is the same as another name here; give it once");
    }
}
