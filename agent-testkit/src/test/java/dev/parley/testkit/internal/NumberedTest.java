package dev.parley.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberedTest {
    private final List<String> forgotten = new ArrayList<>();
    private final Numbered<String> names = new Numbered<>(2, 100, forgotten::add);

    @Test
    void whatIsOpenStaysAndOfTheRestTheLatest() {
        for (String name : List.of("a", "b", "c", "d")) {
            names.add(name);
        }
        names.over(2, 1);
        names.over(0, 1);
        names.over(3, 1);

        assertThat(forgotten).containsExactly("c");
        assertThat(names.all()).containsExactly("a", "b", "d");
        assertThat(names.get(2)).isNull();
        assertThat(names.get(3)).isEqualTo("d");
        assertThat(names.count()).isEqualTo(4);
    }

    @Test
    void whatIsOverWeighsNoMoreThanItMayTogether() {
        names.add("heavy");
        names.add("light");
        names.over(0, 99);
        assertThat(forgotten).isEmpty();
        names.over(1, 2);
        assertThat(forgotten).containsExactly("heavy");
        names.add("too heavy");
        names.over(2, 101);
        assertThat(forgotten).containsExactly("heavy", "light", "too heavy");
        assertThat(names.all()).isEmpty();
    }
}
