package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenNamesTest {
    @ParameterizedTest
    @CsvSource({
        "Anitha, anitha",
        "Anitha, Anita",
        "Mary Thomas, MaryThomas",
        "രാധ, രാദ",
        "അനിൽ, അനില്‍",
        "മോഹൻ, മോഹന്‍",
        "മോഹൻ, മോഹൻ",
        "सुनीता, सुनिता",
        "தமிழ்செல்வி, தமிழ் செல்வி",
        "অনিতা, অনীতা",
    })
    void oneNameInTwoSpellings(String a, String b) {
        assertThat(SpokenNames.similar(a, b)).isTrue();
        assertThat(SpokenNames.similar(b, a)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Anitha, Biju",
        "Ann, Anu",
        "രാധ, ഗീത",
        "സുമ, സീമ",
        "'', ''",
        "' ', Anitha",
        "Mary Thomas, Mary Mathew",
        "രാധ, രാജ"
    })
    void twoNames(String a, String b) {
        assertThat(SpokenNames.similar(a, b)).isFalse();
        assertThat(SpokenNames.similar(b, a)).isFalse();
    }
}
