package dev.doorbell.customer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardNumberTest {
    /** The test numbers that the networks publish. */
    @ParameterizedTest
    @CsvSource({
        "4111111111111111, visa, ************1111",
        "5555 5555 5555 4444, mastercard, ************4444",
        "2223-0031-2200-3222, mastercard, ************3222",
        "378282246310005, amex, ***********0005",
        "6011111111111117, discover, ************1117",
        "3530111333300000, unknown, ************0000"
    })
    void brandAndMask(String text, String brand, String masked) {
        CardNumber number = CardNumber.parse(text).orElseThrow();
        assertThat(number.brand()).isEqualTo(brand);
        assertThat(number.masked()).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4111111111111112",
                "41111111111",
                "41111111111111111111",
                "4111x11111111111",
                "٤١١١١١١١١١١١١١١١"
            })
    void whatIsNoCardNumberIsRefused(String text) {
        assertThat(CardNumber.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "4111 1111 1111 1111",
                "4111-1111  1111.1111",
                "ada4111111111111111",
                "Ada 4111111111111111 Sample",
                "12 4111111111111111 9",
                "3782 822463 10005",
                "\uff14\uff11\uff11\uff11 1111\u00a01111 1111"
            })
    void itIsFoundAnywhereInAText(String text) {
        assertThat(CardNumber.occursIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ada", "Ada 2", "4111 8288 3607 5983", "41111111111", "4111 1111 a 1111 1111"})
    void whatIsNoCardNumberIsNotFound(String text) {
        assertThat(CardNumber.occursIn(text)).isFalse();
    }

    @Test
    void itsTextFormIsMasked() {
        assertThat(CardNumber.parse("4111111111111111").orElseThrow()).hasToString("************1111");
    }
}
