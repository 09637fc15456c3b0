package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.Problem;
import dev.parley.testkit.FakeClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that a method of the tool object tells: what the schema lists, and what a call is checked against. */
class LiveValuesTest {
    private final Tools tools = new Tools();
    private final OneArgument types = new OneArgument(tools);

    record Visit(
            @ValuesFrom("doctors") @P("whom to see") String doctor,
            @ValuesFrom("rooms") Set<Integer> rooms) {}

    static class Guest {
        @ValuesFrom("doctors")
        private @Nullable String doctor;

        public void setDoctor(@Nullable String doctor) {
            this.doctor = doctor;
        }

        @Override
        public String toString() {
            return "guest of " + doctor;
        }
    }

    @SuppressWarnings("UnusedMethod") // annotations name them
    static final class Tools {
        private @Nullable List<String> doctors = List.of("Nair", "Thomas");
        private int many = 500;

        @Nullable
        List<String> doctors() {
            return doctors;
        }

        private static int[] rooms() {
            return new int[] {1, 2, 2};
        }

        private Stream<String> codes() {
            return IntStream.rangeClosed(1, many).mapToObj(i -> "C" + i);
        }

        private double[] doses() {
            return new double[] {0.5, Double.NaN};
        }

        @Tool
        String dose(@ValuesFrom("doses") double v) {
            return "" + v;
        }

        @Tool
        String text(@P("the doctor") @ValuesFrom("doctors") String v) {
            return v;
        }

        @Tool
        String number(@ValuesFrom("rooms") int v) {
            return "" + v;
        }

        @Tool
        String optional(@ValuesFrom("doctors") Optional<String> v) {
            return v.orElse("anybody");
        }

        @Tool
        String list(@ValuesFrom("doctors") List<String> v) {
            return "" + v;
        }

        @Tool
        String map(@ValuesFrom("doctors") Map<String, String> v) {
            return "" + v;
        }

        @Tool
        String visit(Visit v) {
            return "" + v;
        }

        @Tool
        String guests(List<Guest> v) {
            return "" + v;
        }

        @Tool
        String code(@P("the code.") @ValuesFrom("codes") String v) {
            return v;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "text | {'type':'string','description':'the doctor','enum':['Nair','Thomas']} |"
                        + " 'Nair' | Nair | 'Menon' | v must be one of: Nair, Thomas",
                "number | {'type':'integer','enum':[1,2],'minimum':-2147483648,'maximum':2147483647} |"
                        + " '൨' | 2 | 3 | v must be one of: 1, 2",
                "optional | {'type':['string','null'],'enum':['Nair','Thomas',null]} |"
                        + " null | anybody | 'Menon' | v must be one of: Nair, Thomas",
                "list | {'type':'array','items':{'type':'string','enum':['Nair','Thomas']}} |"
                        + " ['Nair'] | [Nair] | ['Nair','Menon'] | v[1] must be one of: Nair, Thomas",
                "map | {'type':'object','additionalProperties':{'type':'string','enum':['Nair','Thomas']}} |"
                        + " {'a':'Nair'} | {a=Nair} | {'a':'Menon'} | v.a must be one of: Nair, Thomas",
                "visit | {'type':'object','properties':{'doctor':{'type':'string','description':'whom to see',"
                        + "'enum':['Nair','Thomas']},'rooms':{'type':'array','items':{'type':'integer','enum':[1,2],"
                        + "'minimum':-2147483648,'maximum':2147483647},'uniqueItems':true}},"
                        + "'required':['doctor','rooms'],'additionalProperties':false} |"
                        + " {'doctor':'Nair','rooms':[1]} | Visit[doctor=Nair, rooms=[1]] |"
                        + " {'doctor':'Menon','rooms':[1,3]} |"
                        + " v.doctor must be one of: Nair, Thomas; v.rooms[1] must be one of: 1, 2",
                "guests | {'type':'array','items':{'type':'object','properties':{'doctor':{'type':['string','null'],"
                        + "'enum':['Nair','Thomas',null]}},'additionalProperties':false}} |"
                        + " [{'doctor':'Nair'},{}] | [guest of Nair, guest of null] |"
                        + " [{'doctor':'Menon'}] | v[0].doctor must be one of: Nair, Thomas",
            })
    void areListedAndChecked(String tool, String schema, String good, String bound, String bad, String message)
            throws Exception {
        assertThat(types.schema(tool)).isEqualTo(schema.replace('\'', '"'));
        assertThat(types.answer(tool, good.replace('\'', '"'))).isEqualTo(bound);
        assertThat(types.answer(tool, bad.replace('\'', '"'))).isEqualTo("invalid_arguments: " + message);
    }

    @Test
    void aCallIsCheckedAgainstTheValuesOfItsMoment() throws Exception {
        String listed = types.schema("text");
        tools.doctors = List.of("Menon");

        assertThat(listed).contains("\"enum\":[\"Nair\",\"Thomas\"]");
        assertThat(types.answer("text", "\"Menon\"")).isEqualTo("Menon");
        assertThat(types.answer("text", "\"Nair\"")).isEqualTo("invalid_arguments: v must be one of: Menon");
        assertThat(types.schema("text")).contains("\"enum\":[\"Menon\"]");
    }

    @Test
    void anEmptySourceListsNothingAndRefusesAll() throws Exception {
        tools.doctors = List.of();

        assertThat(types.schema("text")).isEqualTo("{\"type\":\"string\",\"description\":\"the doctor\"}");
        assertThat(types.answer("text", "\"Nair\""))
                .isEqualTo("invalid_arguments: v has no allowed value at the moment");
    }

    @Test
    void aSourceThatAnswersNullListsNothingAndFailsTheCall() throws Exception {
        tools.doctors = null;

        assertThat(types.schema("text")).isEqualTo("{\"type\":\"string\",\"description\":\"the doctor\"}");
        assertThat(types.answer("text", "\"Nair\""))
                .startsWith("failed: text failed for a technical reason (incident ");
    }

    @Test
    void aSourceWithANumberThatJsonDoesNotHaveListsNothingIsToldOfAndFailsTheCall() throws Exception {
        assertThat(types.schema("dose")).isEqualTo("{\"type\":\"number\"}");
        assertThat(types.answer("dose", "0.5")).startsWith("failed: dose failed for a technical reason (incident ");
        try (FakeHandle session = new FakeHandle(new FakeClock())) {
            assertThat(Toolbox.of(tools).open(session).tools()).hasSize(9);
            assertThat(session.problems)
                    .extracting(Problem::message)
                    .containsExactly(
                            "Tools.doses answered a number that JSON does not have; the schema lists no values");
        }
    }

    @Test
    void fiveHundredValuesAreListedAndNotOneMore() throws Exception {
        assertThat(types.schema("code"))
                .startsWith("{\"type\":\"string\",\"description\":\"the code.\",\"enum\":[\"C1\",\"C2\",")
                .endsWith(",\"C500\"]}");

        tools.many = 501;
        assertThat(types.schema("code"))
                .isEqualTo("{\"type\":\"string\",\"description\":\"the code. One of 501 values, too many to list;"
                        + " others are refused\"}");
        assertThat(types.answer("code", "\"C501\"")).isEqualTo("C501");
        assertThat(types.answer("code", "\"C502\""))
                .isEqualTo(
                        "invalid_arguments: v must be one of: C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13,"
                                + " C14, C15, C16, C17, C18, C19, C20 and 481 more");
    }
}
