package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.output.structured.Description;
import dev.parley.core.event.ToolDefinition;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a method, its visibility, its names and its words reaches the model. */
class SignaturesTest {

    @SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"}) // their visibility is what is tested
    private static class Hidden {
        @Tool
        private String ofAClass(int v) {
            return "private " + v;
        }

        @Tool
        protected static String ofAll(int v) {
            return "static " + v;
        }

        @Tool
        public final String ofEverybody(int v) {
            return "public " + v;
        }
    }

    interface Greets {
        @Tool
        default String greet(int v) {
            return "default " + v;
        }
    }

    @SuppressWarnings("UnusedMethod")
    private static final class Tools extends Hidden implements Greets {
        @Tool
        String ofAPackage(int v) {
            return "package " + v;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ofAClass, private",
        "ofAll, static",
        "ofEverybody, public",
        "greet, default",
        "ofAPackage, package",
    })
    void methodsOfAnyVisibilityAreTools(String tool, String answer) throws Exception {
        assertThat(new OneArgument(new Tools()).answer(tool, "7")).isEqualTo(answer + " 7");
    }

    record Visit(
            @Description({"whom", "to see"}) String doctor,
            @JsonPropertyDescription("which day") String day,
            String note) {}

    static final class Described {
        @Tool({"Books a visit.", "Ask first."})
        void book(@P("the visit") Visit visit, @P(description = "how many") int people, String silent) {}

        @Tool(name = "cancel-it")
        void cancel(@P(name = "which_one", value = "its id") String id) {}
    }

    @Test
    void wordsAndNamesAreToldFromWhereverTheyStand() {
        List<ToolDefinition> told = Toolbox.of(new Described()).definitions();

        assertThat(told.get(0).name()).isEqualTo("book");
        assertThat(told.get(0).description()).isEqualTo("Books a visit.\nAsk first.");
        assertThat(told.get(0).parametersJson())
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"visit\":{\"type\":\"object\",\"description\":\"the visit\","
                                + "\"properties\":{\"doctor\":{\"type\":\"string\",\"description\":\"whom to see\"},"
                                + "\"day\":{\"type\":\"string\",\"description\":\"which"
                                + " day\"},\"note\":{\"type\":\"string\"}},"
                                + "\"required\":[\"doctor\",\"day\",\"note\"],\"additionalProperties\":false},"
                                + "\"people\":{\"type\":\"integer\",\"description\":\"how many\",\"minimum\":-2147483648,"
                                + "\"maximum\":2147483647},\"silent\":{\"type\":\"string\"}},"
                                + "\"required\":[\"visit\",\"people\",\"silent\"],\"additionalProperties\":false}");
        assertThat(told.get(1).name()).isEqualTo("cancel-it");
        assertThat(told.get(1).parametersJson())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"which_one\":{\"type\":\"string\","
                        + "\"description\":\"its id\"}},\"required\":[\"which_one\"],\"additionalProperties\":false}");
    }

    @Description({"A visit to the clinic.", "At most an hour"})
    record Stay(@Description("how long") int minutes) {}

    @Description("how urgent it is")
    enum Urgency {
        HIGH,
        LOW
    }

    @Description("who comes")
    sealed interface Guest {}

    @JsonClassDescription("one person")
    record Person(String name) implements Guest {}

    @Description("an order's number, as printed on the bill")
    record OrderId(@JsonValue String number) {}

    record Phone(@JsonValue @P("ten digits") String number) {}

    static final class OfTypes {
        @Tool
        void go(
                Stay stay,
                @P("the next one") Stay next,
                Urgency urgency,
                List<Guest> guests,
                @JsonPropertyDescription("which order") OrderId order,
                Phone phone) {}
    }

    @Test
    void wordsOfATypeAreToldWhereverItStandsBehindThoseOfThePlace() {
        String stay = "\"properties\":{\"minutes\":{\"type\":\"integer\",\"description\":\"how long\","
                + "\"minimum\":-2147483648,\"maximum\":2147483647}},\"required\":[\"minutes\"],"
                + "\"additionalProperties\":false}";

        assertThat(Toolbox.of(new OfTypes()).definitions().get(0).parametersJson())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"stay\":{\"type\":\"object\","
                        + "\"description\":\"A visit to the clinic. At most an hour\"," + stay + ","
                        + "\"next\":{\"type\":\"object\","
                        + "\"description\":\"the next one. A visit to the clinic. At most an hour\"," + stay + ","
                        + "\"urgency\":{\"type\":\"string\",\"description\":\"How urgent it"
                        + " is\",\"enum\":[\"HIGH\",\"LOW\"]},"
                        + "\"guests\":{\"type\":\"array\",\"items\":{\"description\":\"Who comes\",\"anyOf\":[{"
                        + "\"type\":\"object\",\"description\":\"one person\",\"properties\":{"
                        + "\"type\":{\"type\":\"string\",\"const\":\"Person\"},\"name\":{\"type\":\"string\"}},"
                        + "\"required\":[\"type\",\"name\"],\"additionalProperties\":false}]}},"
                        + "\"order\":{\"type\":\"string\","
                        + "\"description\":\"which order. An order's number, as printed on the bill\"},"
                        + "\"phone\":{\"type\":\"string\",\"description\":\"Ten digits\"}},"
                        + "\"required\":[\"stay\",\"next\",\"urgency\",\"guests\",\"order\",\"phone\"],"
                        + "\"additionalProperties\":false}");
    }

    @Test
    void schemasAreTheSameEachTime() {
        Toolbox toolbox = Toolbox.of(new Described());

        assertThat(toolbox.definitions()).isEqualTo(toolbox.definitions());
        assertThat(Toolbox.of(new Described()).definitions()).isEqualTo(toolbox.definitions());
    }

    @Test
    void schemasAreWrittenOnce() {
        Toolbox toolbox = Toolbox.of(new Described());

        assertThat(toolbox.definitions().get(0).parametersJson())
                .isSameAs(toolbox.definitions().get(0).parametersJson());
    }

    record Room(int roomNumber, String wingName) {}

    static final class Rooms {
        @Tool
        String room(Room v) {
            return "" + v;
        }
    }

    @Test
    void theApplicationsMapperNamesTheMembers() throws Exception {
        OneArgument types = new OneArgument(Toolbox.builder()
                .tools(new Rooms())
                .objectMapper(new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE))
                .build());

        types.assertToldAndBound(
                "room",
                "required",
                "{\"type\":\"object\",\"properties\":{\"room-number\":{\"type\":\"integer\",\"minimum\":-2147483648,"
                        + "\"maximum\":2147483647},\"wing-name\":{\"type\":\"string\"}},"
                        + "\"required\":[\"room-number\",\"wing-name\"],\"additionalProperties\":false}",
                "{\"room-number\":7,\"wing-name\":\"east\"}",
                "Room[roomNumber=7, wingName=east]",
                "{\"roomNumber\":7,\"wing-name\":\"east\"}",
                "v.roomNumber is not known here; the names are: room-number, wing-name; v.room-number is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "{}", " {} "})
    @SuppressWarnings("UnusedMethod")
    void noTextAtAllIsAnEmptyObject(String arguments) {
        Toolbox toolbox = Toolbox.of(new Object() {
            @Tool
            String go(@P(defaultValue = "2") int v) {
                return "" + v;
            }
        });

        assertThat(toolbox.call(ToolCall.of("go", arguments))
                        .toCompletableFuture()
                        .join()
                        .output())
                .isEqualTo("{\"ok\":true,\"result\":\"2\"}");
    }

    @Test
    void withoutNamesInTheClassFileRegistrationSaysHowToMendIt(@TempDir Path classes) throws Exception {
        Object named =
                compiled(classes, "Named", "@dev.langchain4j.agent.tool.P(name = \"count\", value = \"\") int a");
        Object nameless = compiled(classes, "Nameless", "@dev.langchain4j.agent.tool.P(\"how many\") int a");

        assertThat(Toolbox.of(named).definitions().get(0).parametersJson())
                .startsWith("{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"integer\",");
        assertThatThrownBy(() -> Toolbox.of(nameless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Nameless.go, parameter 1: its name is not in the class file; compile with -parameters, or give"
                                + " it @P(name = …)");
    }

    /** A tool whose class knows no parameter names: this module is compiled with them. */
    private static Object compiled(Path classes, String name, String parameter) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String source =
                "public class " + name + " { @dev.langchain4j.agent.tool.Tool public void go(" + parameter + ") {} }";
        SimpleJavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        String path = Path.of(Tool.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        StringWriter said = new StringWriter();
        List<String> options = List.of("-cp", path, "-proc:none", "-d", classes.toString());
        assertThat(compiler.getTask(said, null, null, options, null, List.of(file))
                        .call())
                .as(said.toString())
                .isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, Tool.class.getClassLoader())) {
            return loader.loadClass(name).getConstructor().newInstance();
        }
    }
}
