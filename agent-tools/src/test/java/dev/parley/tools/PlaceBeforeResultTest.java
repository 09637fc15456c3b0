package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.agent.tool.Tool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever hears of a call's result may make the next one: the call's place is free by then, however it came to its result. */
@Timeout(30)
class PlaceBeforeResultTest {
    private final Tools tools = new Tools();
    private final ToolLimit limit = ToolLimit.of(1);
    private final Toolbox toolbox = Toolbox.builder()
            .tools(tools)
            .limit(limit)
            .approver((call, context) -> CompletableFuture.completedStage(Approver.Decision.approve()))
            .build();

    static final class Tools {
        final CountDownLatch chained = new CountDownLatch(1);
        final CompletableFuture<String> later = new CompletableFuture<>();

        @Tool
        String quick() {
            return "q";
        }

        @Tool
        CompletionStage<String> staged() {
            return later;
        }

        @Tool
        @ToolPolicy(approval = true)
        String approved() {
            return waited("a");
        }

        @Tool
        String plain() {
            return waited("p");
        }

        private String waited(String result) {
            try {
                chained.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return result;
        }
    }

    private String nextAfter(String tool) {
        CompletableFuture<ToolResult> both = toolbox.call(ToolCall.of(tool, "{}"))
                .thenCompose(first -> toolbox.call(ToolCall.of("quick", "{}")))
                .toCompletableFuture();
        tools.chained.countDown();
        return both.join().output();
    }

    @Test
    void thePlaceOfAMethodThatReturnsIsFree() {
        assertThat(nextAfter("plain")).isEqualTo("{\"ok\":true,\"result\":\"q\"}");
    }

    @Test
    void thePlaceOfAStageThatCompletesIsFree() {
        CompletableFuture<ToolResult> both = toolbox.call(ToolCall.of("staged", "{}"))
                .thenCompose(first -> toolbox.call(ToolCall.of("quick", "{}")))
                .toCompletableFuture();
        await().until(() -> tools.later.getNumberOfDependents() > 0);
        tools.later.complete("s");
        assertThat(both.join().output()).isEqualTo("{\"ok\":true,\"result\":\"q\"}");
    }

    @Test
    void thePlaceOfACallThatWasApprovedIsFree() {
        assertThat(nextAfter("approved")).isEqualTo("{\"ok\":true,\"result\":\"q\"}");
    }
}
