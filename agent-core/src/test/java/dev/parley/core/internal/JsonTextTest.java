package dev.parley.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** JSON that is passed on as text. */
class JsonTextTest {
    private static final String NUMBERS =
            "{\"amount\":0.1234567890123456789012345,\"id\":12345678901234567890123,\"whole\":1.0,\"phone\":\"1\"}";

    @Test
    void numbersKeepEveryDigit() throws Exception {
        try (JsonParser parser = new JsonFactory().createParser(NUMBERS)) {
            parser.nextToken();
            assertThat(JsonText.copy(parser)).isEqualTo(NUMBERS);
        }
    }

    @Test
    void numbersBesideAMaskedValueKeepEveryDigit() {
        assertThat(JsonText.masked(NUMBERS, Set.of("phone"))).isEqualTo(NUMBERS.replace("\"1\"", "\"***\""));
    }

    @Test
    void numbersThatNoDoubleHoldsStayWhatTheyAre() {
        String masked = JsonText.masked("{\"big\":1e400,\"phone\":\"1\"}", Set.of("phone"));
        assertThat(masked).isEqualTo("{\"big\":1E+400,\"phone\":\"***\"}");
    }

    @Test
    void whatIsNoObjectIsMaskedWhole() {
        assertThat(JsonText.masked("[\"1\"]", Set.of("phone"))).isEqualTo("\"***\"");
        assertThat(JsonText.masked("{\"phone\":", Set.of("phone"))).isEqualTo("\"***\"");
    }

    private static final String SCHEMA = """
            {"type":"object","properties":{
              "caller":{"type":"object","properties":{"name":{"type":"string"},"phone":{"type":["string","null"]}},
                "additionalProperties":false},
              "guests":{"type":"array","items":{"$ref":"#/$defs/Guest"}},
              "pay":{"anyOf":[
                {"type":"object","properties":{"type":{"const":"Card"},"number":{"type":"string"}}},
                {"type":"object","properties":{"type":{"const":"Cash"}}}]},
              "extras":{"type":"object","properties":{"pin":{"type":"string"}},"additionalProperties":{"type":"string"}},
              "notes":{"type":"object","additionalProperties":{"type":"string"}},
              "any":{"description":"whatever"}},
             "$defs":{"Guest":{"type":"object","properties":{"name":{"type":"string"},"phone":{"type":"string"},
               "brings":{"type":"array","items":{"$ref":"#/$defs/Guest"}}}}}}
            """;

    private static final Set<String> PATHS = Set.of("caller.phone", "guests.phone", "extras.pin");

    private static String masked(String arguments) {
        return JsonText.masked(arguments.replace('\'', '"'), PATHS, SchemaNames.of(SCHEMA))
                .replace('"', '\'');
    }

    @Test
    void aMisspeltNameIsMaskedHoweverDeepItStands() {
        assertThat(masked("{'caller':{'name':'Asha','fone':'1'},'caler':{'phone':'1'}}"))
                .isEqualTo("{'caller':{'name':'Asha','fone':'***'},'caler':'***'}");
        assertThat(masked("{'guests':[{'name':'Asha','fone':'1','brings':[[{'name':'Anu','Phone':['1']}]]}]}"))
                .isEqualTo("{'guests':[{'name':'Asha','fone':'***','brings':[[{'name':'Anu','Phone':'***'}]]}]}");
        assertThat(masked("{'pay':{'type':'Card','number':'7','nummer':'1'}}"))
                .isEqualTo("{'pay':{'type':'Card','number':'7','nummer':'***'}}");
    }

    @Test
    void anObjectWhereTheSchemaHasAnotherShapeIsNoWayAround() {
        assertThat(masked("{'guests':{'name':'Asha','fone':'1'},'caller':[{'fone':'1'}]}"))
                .isEqualTo("{'guests':{'name':'Asha','fone':'***'},'caller':[{'fone':'***'}]}");
        assertThat(masked("{'caller':{'name':{'fone':'1'}}}")).isEqualTo("{'caller':{'name':{'fone':'***'}}}");
    }

    @Test
    void namesThatAreFreeAreShownUnlessASensitiveOneIsBesideThem() {
        assertThat(masked("{'notes':{'a':'1'},'any':{'b':{'c':1}},'extras':{'pin':'1','pim':'1'}}"))
                .isEqualTo("{'notes':{'a':'1'},'any':{'b':{'c':1}},'extras':{'pin':'***','pim':'***'}}");
    }

    @Test
    void aSchemaThatIsNotJsonOrRefersToItselfForEverKnowsNoName() {
        assertThat(JsonText.masked("{\"a\":1}", PATHS, SchemaNames.of("{\"properties\":")))
                .isEqualTo("{\"a\":\"***\"}");
        SchemaNames circle = SchemaNames.of("{\"$ref\":\"#/$defs/A\",\"$defs\":{\"A\":{\"$ref\":\"#/$defs/A\"}}}");
        assertThat(JsonText.masked("{\"a\":1}", PATHS, circle)).isEqualTo("{\"a\":\"***\"}");
    }

    @Test
    void moreThanOneValueIsMaskedWhole() {
        assertThat(JsonText.masked("{} {\"x\":1}", Set.of("phone"))).isEqualTo("\"***\"");
    }
}
