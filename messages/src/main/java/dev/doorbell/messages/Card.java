package dev.doorbell.messages;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Objects;

/**
 * What the payment service needs of a card, without its number: the full number and the CVV never leave the request.
 *
 * @param maskedNumber at most the last four digits in the clear, as PCI DSS 3.4.1 asks
 * @param validThru the last day on which the card is valid
 * @param balance the input of the built-in test card processor; a real card has no such field
 */
public record Card(String brand, String maskedNumber, String holderName, LocalDate validThru, BigDecimal balance) {
    public Card {
        Objects.requireNonNull(brand, "brand");
        Objects.requireNonNull(maskedNumber, "maskedNumber");
        Objects.requireNonNull(holderName, "holderName");
        Objects.requireNonNull(validThru, "validThru");
        Objects.requireNonNull(balance, "balance");
    }
}
