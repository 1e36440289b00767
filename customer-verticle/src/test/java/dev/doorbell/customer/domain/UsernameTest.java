package dev.doorbell.customer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsernameTest {
    @Test
    void lettersOfEitherCaseAreOneName() {
        assertThat(Username.parse("Ada.Sample@Example-1")).contains(new Username("ada.sample@example-1"));
    }

    @Test
    void theCanonicalFormDoesNotDependOnTheMachinesLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Username.parse("IDA")).contains(new Username("ida"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ab",
                " ada",
                "ada ",
                ".ada",
                "a da",
                "adä",
                "ada\n",
                "\u0430da",
                "Ada\u212a",
                "\u0130da",
                "a/b/c"
            })
    void whatIsNoUsernameIsRefused(String text) {
        assertThat(Username.parse(text)).isEmpty();
    }

    @Test
    void sixtyFourCharactersAreTheLongest() {
        assertThat(Username.parse("a".repeat(64))).isPresent();
        assertThat(Username.parse("a".repeat(65))).isEmpty();
    }
}
