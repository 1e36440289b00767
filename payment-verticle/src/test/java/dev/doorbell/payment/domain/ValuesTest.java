package dev.doorbell.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.messages.Reasons;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({"2, EUR, 2.00", "2.0000, EUR, 2.00", "2.00, JPY, 2", "1.234, KWD, 1.234", "0, EUR, 0.00"})
    void moneyHasTheDecimalsOfItsCurrency(BigDecimal amount, String currency, String decimal) {
        assertThat(new Money(amount, Currency.getInstance(currency)).decimal()).isEqualTo(decimal);
    }

    @ParameterizedTest
    @CsvSource({"2.005, EUR", "2.5, JPY", "-0.01, EUR", "1, XAU"})
    void moneyThatNobodyCanPayIsRefused(BigDecimal amount, String currency) {
        assertThatThrownBy(() -> new Money(amount, Currency.getInstance(currency)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111111", "41111", "**** 11111", "", " ", "\u0000"})
    void aCardThatIsNotMaskedIsRefusedAndNotRepeated(String card) {
        assertThatThrownBy(() -> new Payer("Ada Sample", card, "VISA"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("1111");
    }

    @Test
    void aNameOfAnyScriptIsTakenUpToItsLimit() {
        assertThat(new Payer("Ñandú 李", "**** 1111", "VISA").name()).isEqualTo("Ñandú 李");
        new Payer("x".repeat(Payer.NAME_LENGTH_MAX), "**** 1111", "VISA");
        assertThatThrownBy(() -> new Payer("x".repeat(Payer.NAME_LENGTH_MAX + 1), "**** 1111", "VISA"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The domain knows no messages, so nothing but this keeps the two lists of names equal. */
    @Test
    void refusalsAreReasonsThatTheOtherServicesKnow() throws Exception {
        for (Refusal refusal : Refusal.values()) {
            assertThat(Arrays.stream(Reasons.class.getFields()).map(field -> constant(field)))
                    .contains(refusal.name());
        }
    }

    private static Object constant(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
