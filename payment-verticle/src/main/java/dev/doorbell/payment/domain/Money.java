package dev.doorbell.payment.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Objects;

/**
 * An amount of at least 0 in a currency, with the currency's own number of decimals (2 for EUR): more, or a currency
 * without decimals of its own, such as gold, is refused.
 */
public record Money(BigDecimal amount, Currency currency) {
    public Money {
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(currency, "currency");
        int decimals = currency.getDefaultFractionDigits();
        if (decimals < 0) {
            throw new IllegalArgumentException(currency + " is not a currency that people pay with");
        }
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("the amount is negative");
        }
        try {
            amount = amount.setScale(decimals, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "the amount has more than the " + decimals + " decimals of " + currency, e);
        }
    }

    /** As in JSON: {@code "2.00"}. */
    public String decimal() {
        return amount.toPlainString();
    }
}
