package dev.parley.tools;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.executable.ExecutableValidator;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A call through the toolbox beside LangChain4j's own executor of the same method, and beside a bare validation of the same
 * arguments. A method without constraints is never put to the validator, so it shows a call with validation off. All but
 * {@link #hop} run on the calling thread.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar ToolsBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ToolsBenchmark {
    private static final String TWO = "{\"doctor\":\"Dr. Anitha Nair\",\"guests\":3}";
    private static final String NESTED =
            "{\"request\":{\"doctor\":\"Dr. Anitha Nair\",\"day\":12,\"guests\":[{\"name\":\"Asha\",\"age\":31},{\"name\":\"Ravi\",\"age\":7}]}}";

    record Guest(String name, int age) {}

    record Request(String doctor, int day, List<Guest> guests) {}

    static final class Desk {
        @Tool
        public String two(@P(name = "doctor", value = "") String doctor, @P(name = "guests", value = "") int guests) {
            return guests == 3 ? doctor : "";
        }

        @Tool
        public String nested(@P(name = "request", value = "") Request request) {
            return request.guests().size() == 2 ? request.doctor() : "";
        }

        @Tool
        public String checked(
                @P(name = "doctor", value = "") @NotBlank String doctor,
                @P(name = "guests", value = "") @Min(1) @Max(9) int guests) {
            return guests == 3 ? doctor : "";
        }
    }

    private final Desk desk = new Desk();
    private final Toolbox direct =
            Toolbox.builder().tools(desk).executor(Runnable::run).build();
    private final Toolbox elsewhere = Toolbox.of(desk);
    private final ToolCall two = new ToolCall("call_1", "two", TWO);
    private final ToolCall nested = new ToolCall("call_1", "nested", NESTED);
    private final ToolCall checked = new ToolCall("call_1", "checked", TWO);
    private final ToolExecutor theirTwo = new DefaultToolExecutor(desk, method("two"));
    private final ToolExecutor theirNested = new DefaultToolExecutor(desk, method("nested"));
    private final ToolExecutionRequest twoRequest = request("two", TWO);
    private final ToolExecutionRequest nestedRequest = request("nested", NESTED);
    private final InvocationContext context =
            InvocationContext.builder().chatMemoryId("c").build();
    private final ToolContext ours = ToolContext.ofNothing();
    private final Method checkedMethod = method("checked");
    private final Object[] checkedArguments = {"Dr. Anitha Nair", 3};

    @SuppressWarnings("resource") // lives as long as the benchmark
    private final ExecutableValidator bare =
            Validation.buildDefaultValidatorFactory().getValidator().forExecutables();

    private static Method method(String name) {
        return Arrays.stream(Desk.class.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ToolExecutionRequest request(String name, String arguments) {
        return ToolExecutionRequest.builder()
                .id("call_1")
                .name(name)
                .arguments(arguments)
                .build();
    }

    private static ToolResult settled(Toolbox toolbox, ToolCall call, ToolContext context) {
        return settled(toolbox.call(call, context));
    }

    private static ToolResult settled(CompletionStage<ToolResult> running) {
        ToolResult result = running.toCompletableFuture().join();
        if (!result.ok()) {
            throw new IllegalStateException(result.output());
        }
        return result;
    }

    @Benchmark
    public ToolResult two() {
        return settled(direct, two, ours);
    }

    /** In no conversation: as the shortest form of a call is. */
    @Benchmark
    public ToolResult twoOfNoConversation() {
        return settled(direct.call(two));
    }

    @Benchmark
    public ToolExecutionResult twoReference() {
        return theirTwo.executeWithContext(twoRequest, context);
    }

    @Benchmark
    public ToolResult nested() {
        return settled(direct, nested, ours);
    }

    @Benchmark
    public ToolExecutionResult nestedReference() {
        return theirNested.executeWithContext(nestedRequest, context);
    }

    @Benchmark
    public ToolResult checked() {
        return settled(direct, checked, ours);
    }

    @Benchmark
    public Set<ConstraintViolation<Desk>> checkedBareValidation() {
        return bare.validateParameters(desk, checkedMethod, checkedArguments);
    }

    @Benchmark
    public ToolResult hop() {
        return settled(elsewhere, two, ours);
    }
}
