package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.output.structured.Description;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Records and beans, generic, inherited, renamed, polymorphic, holding themselves, or wrapping one value. */
class BeanTypesTest {
    private final OneArgument types = new OneArgument(new Tools());

    enum Day {
        MONDAY,
        TUESDAY
    }

    record Range(
            @JsonProperty("from") int start,
            @JsonPropertyDescription("the end") int end) {
        @AssertTrue(message = "must end after it starts")
        boolean isOrdered() {
            return end > start;
        }
    }

    static class Person {
        public String name = "";

        @JsonIgnore
        public String secret = "";

        private @Nullable Integer age;

        public @Nullable Integer getAge() {
            return age;
        }

        public void setAge(@Nullable Integer age) {
            this.age = age;
        }

        @Override
        public String toString() {
            return name + ":" + age;
        }
    }

    @JsonIgnoreProperties("name")
    static class Nurse extends Person {
        @Pattern(regexp = "[A-C]")
        private String ward = "";

        public void setWard(@P("the ward's letter") String ward) {
            this.ward = ward;
        }

        @Override
        public String toString() {
            return name + ":" + getAge() + ":" + ward;
        }
    }

    static final class Point {
        private final int x;
        private final int y;

        private Point(int x, int y) {
            this.x = x;
            this.y = y;
        }

        @JsonCreator
        static Point at(@JsonProperty(value = "x", defaultValue = "1") int x, @JsonProperty("y") int y) {
            return new Point(x, y);
        }

        @Override
        public String toString() {
            return x + "," + y;
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Slot(int startHour, @Description("in minutes") int howLong) {}

    record Contact(List<@Email String> emails) {}

    record Box<T>(T value) {}

    record Pair<A, B>(A first, Box<B> second) {}

    record Tree(String name, List<Tree> branches) {}

    record Team(String name, List<Member> members) {}

    record Member(String name, @Nullable Team leads) {}

    sealed interface Pet {}

    record Cat(@Positive int lives) implements Pet {}

    record Dog(String name) implements Pet {}

    sealed interface Sum {}

    record Amounts(int value) implements Sum {}

    sealed interface Both extends Sum {}

    record Plus(Sum left, Sum right) implements Both {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash")
    })
    interface Payment {}

    record Card(String number) implements Payment {}

    record Cash() implements Payment {}

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

    /** A method that is inherited knows its type variables by the class of the object. */
    abstract static class Keeper<T> {
        @Tool
        String keep(T v) {
            return "" + v;
        }
    }

    static final class Tools extends Keeper<Box<Day>> {
        @Tool
        String range(Range v) {
            return "" + v;
        }

        @Tool
        String person(Person v) {
            return "" + v;
        }

        @Tool
        String nurse(Nurse v) {
            return "" + v;
        }

        @Tool
        String point(Point v) {
            return "" + v;
        }

        @Tool
        String slot(Slot v) {
            return "" + v;
        }

        @Tool
        String contact(Contact v) {
            return "" + v;
        }

        @Tool
        String box(Box<List<Day>> v) {
            return "" + v;
        }

        @Tool
        String pair(Pair<Day, List<Integer>> v) {
            return "" + v;
        }

        @Tool
        String tree(Tree v) {
            return "" + v;
        }

        @Tool
        String team(Team v) {
            return "" + v;
        }

        @Tool
        String pet(Pet v) {
            return "" + v;
        }

        @Tool
        String pets(List<Pet> v) {
            return "" + v;
        }

        @Tool
        String sum(Sum v) {
            return "" + v;
        }

        @Tool
        String pay(Payment v) {
            return "" + v;
        }

        @Tool
        String order(OrderId v) {
            return "" + v;
        }

        @Tool
        String orders(List<OrderId> v) {
            return "" + v;
        }

        @Tool
        String fallback(@P(value = "which", defaultValue = "O-1") OrderId v) {
            return "" + v;
        }

        @Tool
        String mails(Mails v) {
            return "" + v;
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
        String amount(Amount v) {
            return "" + v;
        }

        @Tool
        String line(Line v) {
            return "" + v;
        }

        @Tool
        String byOrder(Map<OrderId, String> v) {
            return "" + v;
        }

        List<String> doctors() {
            return List.of("Nair", "Thomas");
        }
    }

    @TestFactory
    Stream<DynamicTest> isToldAndBound() throws IOException {
        return types.assertEachLineOf("/types/beans.tsv");
    }

    @Test
    void sensitiveValueInAWrapperIsMasked() {
        assertThat(types.definition("phone").sensitivePaths()).containsExactly("v");
    }
}
