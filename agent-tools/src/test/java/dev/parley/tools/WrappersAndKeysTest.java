package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.parley.core.event.ToolDefinition;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types that wrap one value, and maps whose names mean something: schema and binder are one here too. */
class WrappersAndKeysTest {
    private final Toolbox toolbox =
            Toolbox.builder().tools(new Tools()).executor(Runnable::run).build();

    enum Day {
        @JsonProperty("mon")
        MONDAY,
        TUESDAY
    }

    record OrderId(@JsonValue @Pattern(regexp = "O-\\d+") String value) {}

    record Mails(@JsonValue List<@Email String> all) {}

    record Phone(@JsonValue @Spoken @Sensitive String digits) {}

    record Doctor(@JsonValue @ValuesFrom("doctors") String name) {}

    static final class Amount {
        private final int paise;

        private Amount(int paise) {
            if (paise % 5 != 0) {
                throw new ToolException("amounts are in steps of five paise");
            }
            this.paise = paise;
        }

        @JsonCreator
        static Amount of(int paise) {
            return new Amount(paise);
        }

        @Override
        public String toString() {
            return "p" + paise;
        }
    }

    record Line(OrderId order, Amount amount) {}

    record Loop(@JsonValue List<Loop> all) {}

    @SuppressWarnings("NonApiType") // the very types that are tested
    static final class Tools {
        @Tool
        String order(OrderId v) {
            return v.value();
        }

        @Tool
        String orders(List<OrderId> v) {
            return v.toString();
        }

        @Tool
        String fallback(@P(value = "which", defaultValue = "O-1") OrderId v) {
            return v.value();
        }

        @Tool
        String mails(Mails v) {
            return v.toString();
        }

        @Tool
        String phone(Phone v) {
            return v.digits();
        }

        @Tool
        String doctor(Doctor v) {
            return v.name();
        }

        @Tool
        String line(Line v) {
            return v.toString();
        }

        @Tool
        String days(EnumMap<Day, @Positive Integer> v) {
            return v.toString();
        }

        @Tool
        String daySet(EnumSet<Day> v) {
            return v.toString();
        }

        @Tool
        String ids(Map<UUID, String> v) {
            return v.toString();
        }

        @Tool
        String numbers(TreeMap<Integer, String> v) {
            return v.toString();
        }

        @Tool
        String byOrder(Map<OrderId, String> v) {
            return v.toString();
        }

        @Tool
        String shortNames(Map<@Size(max = 2) String, String> v) {
            return v.toString();
        }

        List<String> doctors() {
            return List.of("Nair", "Thomas");
        }
    }

    private String schema(String tool) throws Exception {
        String whole = toolbox.definitions().stream()
                .filter(each -> each.name().equals(tool))
                .map(ToolDefinition::parametersJson)
                .findFirst()
                .orElseThrow();
        return new ObjectMapper().readTree(whole).at("/properties/v").toString();
    }

    private String call(String tool, String value) throws Exception {
        String output = toolbox.call(ToolCall.of(tool, value.equals("absent") ? "{}" : "{\"v\":" + value + "}"))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .output();
        var tree = new ObjectMapper().readTree(output);
        return tree.path("ok").booleanValue()
                ? tree.path("result").asText()
                : tree.at("/error/message").asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "order; {'type':'string','pattern':'^O-\\\\d+$'}; 'O-12'; O-12; 'X'; v must match \"O-\\d+\"",
                "orders; {'type':'array','items':{'type':'string','pattern':'^O-\\\\d+$'}}; ['O-1'];"
                        + " [OrderId[value=O-1]]; ['O-1','x']; v[1] must match \"O-\\d+\"",
                "fallback; {'type':'string','description':'which','pattern':'^O-\\\\d+$','default':'O-1'}; absent; O-1;"
                        + " {'value':'O-1'}; v must be a string, not an object",
                "mails; {'type':'array','items':{'type':'string','format':'email'}}; ['a@b.com'];"
                        + " Mails[all=[a@b.com]]; ['a@b.com','x']; v[1] must be a well-formed email address",
                "phone; {'type':'string'}; '൯൮൪'; 984; 984; v must be a string, not a number",
                "doctor; {'type':'string','enum':['Nair','Thomas']}; 'Nair'; Nair; 'Rao'; v must be one of: Nair, Thomas",
                "line; {'type':'object','properties':{'order':{'type':'string','pattern':'^O-\\\\d+$'},"
                        + "'amount':{'type':'integer','minimum':-2147483648,'maximum':2147483647}},"
                        + "'required':['order','amount'],'additionalProperties':false};"
                        + " {'order':'O-1','amount':'൧൦'}; Line[order=OrderId[value=O-1], amount=p10];"
                        + " {'order':'O-1','amount':7}; v.amount is refused: amounts are in steps of five paise",
                "line; {'type':'object','properties':{'order':{'type':'string','pattern':'^O-\\\\d+$'},"
                        + "'amount':{'type':'integer','minimum':-2147483648,'maximum':2147483647}},"
                        + "'required':['order','amount'],'additionalProperties':false};"
                        + " {'amount':5,'order':'O-1'}; Line[order=OrderId[value=O-1], amount=p5];"
                        + " {'order':'1','amount':5}; v.order must match \"O-\\d+\"",
                "days; {'type':'object','propertyNames':{'type':'string','enum':['mon','TUESDAY']},"
                        + "'additionalProperties':{'type':'integer','minimum':-2147483648,'maximum':2147483647,"
                        + "'exclusiveMinimum':0}}; {'mon':1}; {MONDAY=1}; {'MONDAY':1};"
                        + " v.MONDAY is no name here: it must be one of: mon, TUESDAY",
                "days; {'type':'object','propertyNames':{'type':'string','enum':['mon','TUESDAY']},"
                        + "'additionalProperties':{'type':'integer','minimum':-2147483648,'maximum':2147483647,"
                        + "'exclusiveMinimum':0}}; {'TUESDAY':2,'mon':1}; {MONDAY=1, TUESDAY=2}; {'mon':0};"
                        + " v.mon must be greater than 0",
                "daySet; {'type':'array','items':{'type':'string','enum':['mon','TUESDAY']},'uniqueItems':true};"
                        + " ['TUESDAY','mon']; [MONDAY, TUESDAY]; ['sun']; v[0] must be one of: mon, TUESDAY",
                "ids; {'type':'object','propertyNames':{'type':'string','format':'uuid','pattern':"
                        + "'^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'},"
                        + "'additionalProperties':{'type':'string'}};"
                        + " {'123e4567-e89b-12d3-a456-426614174000':'x'}; {123e4567-e89b-12d3-a456-426614174000=x};"
                        + " {'1':'x'}; v.1 is no name here: it must be a UUID",
                "numbers; {'type':'object','propertyNames':{'type':'string','pattern':'^(?:0|-?[1-9]\\\\d{0,8})$'},"
                        + "'additionalProperties':{'type':'string'}}; {'10':'a','-2':'b'}; {-2=b, 10=a};"
                        + " {'1234567890':'a'}; v.1234567890 is no name here: it must be a whole number of at most 9 digits",
                "byOrder; {'type':'object','propertyNames':{'type':'string','pattern':'^O-\\\\d+$'},"
                        + "'additionalProperties':{'type':'string'}}; {'O-1':'x'}; {OrderId[value=O-1]=x};"
                        + " {'x':'x'}; v.x must match \"O-\\d+\"",
                "shortNames; {'type':'object','propertyNames':{'type':'string','maxLength':2},"
                        + "'additionalProperties':{'type':'string'}}; {'ab':'x'}; {ab=x};"
                        + " {'abc':'x'}; v.abc size must be between 0 and 2",
            })
    void isToldAndBound(String tool, String schema, String good, String bound, String bad, String problem)
            throws Exception {
        assertThat(schema(tool)).isEqualTo(schema.replace('\'', '"'));
        assertThat(call(tool, good.replace('\'', '"'))).isEqualTo(bound);
        assertThat(call(tool, bad.replace('\'', '"'))).isEqualTo(problem);
    }

    @Test
    void nameTwiceInAMapIsNoStrictJson() throws Exception {
        assertThat(call("days", "{\"mon\":1,\"mon\":2}")).startsWith("the arguments are not JSON");
    }

    @Test
    void sensitiveValueInAWrapperIsMasked() {
        assertThat(toolbox.definitions().stream()
                        .filter(each -> each.name().equals("phone"))
                        .findFirst()
                        .orElseThrow()
                        .sensitivePaths())
                .containsExactly("v");
    }

    static final class Looping {
        @Tool
        void go(Loop v) {}
    }

    @Test
    void wrapperThatHoldsItselfFailsAtRegistration() {
        assertThatThrownBy(() -> Toolbox.of(new Looping()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Looping.go, parameter \"v\"")
                .hasMessageContaining("cannot be told to a model: it holds itself through its creator");
    }
}
