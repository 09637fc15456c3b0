package dev.parley.tools;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
        "ലക്ഷ്മി, ലക്ശ്മി",
        "ശ്രീകുമാർ, ശ്രികുമാർ",
        "സുന്ദരൻ, സുൻദരൻ",
        "ബാലകൃഷ്ണൻ, ബാലകൃഷ്ണന്",
        "संजय, सञ्जय",
        "हिन्दू, हिंदू",
        "फ़रीदा, फरीदा",
        "लक्ष्मी, लक्श्मी",
        "अंबिका, अम्बिका",
        "முருகன், முருகண்",
        "கவிதா, கவித",
        "ஸ்ரீதர், ஶ்ரீதர்",
        "সঞ্জয়, সংজয়",
        "শর্মিলা, সর্মিলা",
        "সুভাষ, সুভাস",
        "محمد, مُحَمَّد",
        "أحمد, احمد",
        "فاطمة, فاطمه",
        "علی رضا, علي رضا",
        "یوسف, يوسف",
    })
    void oneNameInTwoSpellings(String a, String b) {
        assertThat(SpokenNames.similar(a, b)).isTrue();
        assertThat(SpokenNames.similar(b, a)).isTrue();
    }

    /** Three letters must be equal, so that nothing but the vowels decides. */
    @ParameterizedTest
    @CsvSource({
        "അമൽ, ആമൽ",
        "ഇമൽ, ഈമൽ",
        "ഉമൽ, ഊമൽ",
        "എമൽ, ഏമൽ",
        "ഒമൽ, ഓമൽ",
        "ഋമൽ, ൠമൽ",
        "ഌമൽ, ൡമൽ",
        "മിൽ, മീൽ",
        "മുൽ, മൂൽ",
        "മെൽ, മേൽ",
        "മൊൽ, മോൽ",
        "മൃൽ, മൄൽ",
        "മൢൽ, മൣൽ",
        "अनु, आनु",
        "इला, ईला",
        "उषा, ऊषा",
        "ஆமை, அமை",
        "எழில், ஏழில்",
        "ஒவி, ஓவி",
        "ఏమి, ఎమి",
        "ಓಂ, ಒಂ",
    })
    void theLengthOfVowelsDoesNotCount(String a, String b) {
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
        "രാധ, രാജ",
        "അനിൽ, സുനിൽ",
        "राम, श्याम",
        "सीता, गीता",
        "कमला, विमला",
        "கமலா, விமலா",
        "ராஜா, ரோஜா",
        "রাম, শ্যাম",
        "সীতা, গীতা",
        "علي, عمر",
        "سارة, مريم",
    })
    void twoNames(String a, String b) {
        assertThat(SpokenNames.similar(a, b)).isFalse();
        assertThat(SpokenNames.similar(b, a)).isFalse();
    }

    /** To compare them letter by letter once took longer than anybody waits. */
    @Test
    @Timeout(60)
    void textsThatAreLongerThanAnyNameMustBeEqual() {
        String text = "അനിത ".repeat(25_000);
        assertThat(SpokenNames.similar(text, text.replace(" ", "-"))).isTrue();
        assertThat(SpokenNames.similar(text, text + "ൻ")).isFalse();
        assertThat(SpokenNames.similar("Anitha", text)).isFalse();
        assertThat(SpokenNames.similar("a".repeat(256), "a".repeat(255) + "b")).isTrue();
        assertThat(SpokenNames.similar("a".repeat(257), "a".repeat(256) + "b")).isFalse();
    }
}
