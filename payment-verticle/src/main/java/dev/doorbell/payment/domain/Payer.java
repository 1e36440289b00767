package dev.doorbell.payment.domain;

import java.util.regex.Pattern;

/**
 * Who pays: the holder of the card. Never used to find a payment; names are not unique.
 *
 * @param maskedCard at most the last four digits in the clear (PCI DSS 3.4.1); longer runs of digits are refused
 */
public record Payer(String name, String maskedCard, String cardBrand) {
    public static final int NAME_LENGTH_MAX = 200;
    public static final int CARD_LENGTH_MAX = 40;

    private static final Pattern UNMASKED = Pattern.compile("[0-9]{5}");

    public Payer {
        requireText(name, NAME_LENGTH_MAX, "payer's name");
        requireText(maskedCard, CARD_LENGTH_MAX, "payer's card");
        requireText(cardBrand, CARD_LENGTH_MAX, "payer's card brand");
        if (UNMASKED.matcher(maskedCard).find()) {
            throw new IllegalArgumentException("The payer's card is not masked.");
        }
    }

    private static void requireText(String value, int lengthMax, String what) {
        // PostgreSQL's text cannot hold the character 0.
        if (value == null || value.isBlank() || value.length() > lengthMax || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The " + what + " is not a text of 1 to " + lengthMax + " characters.");
        }
    }
}
