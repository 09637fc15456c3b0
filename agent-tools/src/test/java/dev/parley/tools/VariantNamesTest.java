package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.langchain4j.agent.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names by which the variants of a type are told: those that Jackson reads. */
class VariantNamesTest {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Card.class, name = "credit"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash"),
        @JsonSubTypes.Type(value = Account.class, name = "account")
    })
    interface Payment {}

    record Card(String number) implements Payment {}

    record Cash() implements Payment {}

    record Account() implements Payment {}

    record Voucher() implements Payment {}

    record Coupon() implements Payment {}

    static final class Tools {
        @Tool
        String pay(Payment v) {
            return "" + v;
        }
    }

    private static OneArgument with(NamedType... registered) {
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerSubtypes(registered);
        return new OneArgument(Toolbox.builder()
                .tools(new Tools())
                .objectMapper(mapper)
                .executor(Runnable::run)
                .build());
    }

    private static List<String> names(OneArgument types) throws Exception {
        List<String> names = new ArrayList<>();
        new ObjectMapper()
                .readTree(types.schema("pay"))
                .path("anyOf")
                .forEach(each -> names.add(each.at("/properties/kind/const").asText()));
        return names;
    }

    @Test
    void allOfOneClassAreToldInTheirDeclaredOrderAndRead() throws Exception {
        OneArgument types = with();

        assertThat(names(types)).containsExactly("card", "credit", "cash", "account");
        assertThat(types.answer("pay", "{\"kind\":\"card\",\"number\":\"1\"}")).isEqualTo("Card[number=1]");
        assertThat(types.answer("pay", "{\"kind\":\"credit\",\"number\":\"2\"}"))
                .isEqualTo("Card[number=2]");
        assertThat(types.answer("pay", "{\"kind\":\"debit\",\"number\":\"3\"}"))
                .isEqualTo("invalid_arguments: v.kind must be one of: card, credit, cash, account");
    }

    @Test
    void oneThatAMapperRegistersStandsInThePlaceOfTheAnnotations() throws Exception {
        OneArgument types = with(new NamedType(Voucher.class, "cash"));

        assertThat(names(types)).containsExactly("card", "credit", "cash", "account");
        assertThat(types.answer("pay", "{\"kind\":\"cash\"}")).isEqualTo("Voucher[]");
    }

    @Test
    void oneThatAMapperRegistersTwiceFailsWhenTheToolboxIsBuilt() {
        assertThatThrownBy(() -> with(new NamedType(Voucher.class, "gift"), new NamedType(Coupon.class, "gift")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Tools.pay, parameter \"v\": dev.parley.tools.VariantNamesTest$Voucher and"
                        + " dev.parley.tools.VariantNamesTest$Coupon are both told as \"gift\"; put @JsonTypeInfo(use ="
                        + " Id.NAME) on Payment, and @JsonSubTypes with a name for each");
    }
}
