package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SensitivePathsTest {
    record Person(String name, @Sensitive String phone) {}

    record Family(@Sensitive String address, List<Family> branches, String name) {}

    static final class Tools {
        @Tool
        void register(
                @Sensitive String pin,
                Person caller,
                List<Person> guests,
                Optional<Person> friend,
                Map<String, Person> byRole,
                Map<String, String> notes,
                Family family) {}
    }

    @Test
    void reachWhatTheyCanAndTheWholeWhereTheyCannot() {
        assertThat(Toolbox.of(new Tools()).definitions().get(0).sensitivePaths())
                .containsExactlyInAnyOrder(
                        "pin",
                        "caller.phone",
                        "guests.phone",
                        "friend.phone",
                        "byRole",
                        "family.address",
                        "family.branches");
    }
}
