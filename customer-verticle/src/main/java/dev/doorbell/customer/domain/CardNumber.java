package dev.doorbell.customer.domain;

import java.util.Optional;

/**
 * A card number, for as long as the request lasts. Its text form is the masked one, so that it cannot get into a log by
 * accident.
 */
public final class CardNumber {
    private static final int DIGITS_MIN = 12;
    private static final int DIGITS_MAX = 19;
    private static final int LAST = 4;

    private final String digits;

    private CardNumber(String digits) {
        this.digits = digits;
    }

    /** Empty for what is no card number: 12 to 19 digits (ISO/IEC 7812), spaces and hyphens allowed, Luhn's check digit. */
    public static Optional<CardNumber> parse(String text) {
        String digits = text.replace(" ", "").replace("-", "");
        boolean valid = digits.length() >= DIGITS_MIN
                && digits.length() <= DIGITS_MAX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && luhnSum(digits) % 10 == 0;
        return valid ? Optional.of(new CardNumber(digits)) : Optional.empty();
    }

    /**
     * Whether a card number stands anywhere in {@code text}, whatever but letters between its digits. One stretch of
     * digits in ten passes Luhn's check by chance, so other numbers of 12 digits and more may be found as well.
     */
    public static boolean occursIn(String text) {
        StringBuilder run = new StringBuilder();
        for (int c : text.codePoints().toArray()) {
            if (Character.isDigit(c)) {
                run.append(Character.digit(c, 10));
            } else if (Character.isLetter(c)) {
                if (holdsNumber(run)) {
                    return true;
                }
                run.setLength(0);
            }
        }
        return holdsNumber(run);
    }

    private static boolean holdsNumber(CharSequence digits) {
        for (int start = 0; start + DIGITS_MIN <= digits.length(); start++) {
            int endMax = Math.min(start + DIGITS_MAX, digits.length());
            for (int end = start + DIGITS_MIN; end <= endMax; end++) {
                if (luhnSum(digits.subSequence(start, end)) % 10 == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    public String lastFour() {
        return digits.substring(digits.length() - LAST);
    }

    /** No more than the last four digits in the clear (PCI DSS 3.4.1 allows as much). */
    public String masked() {
        return "*".repeat(digits.length() - LAST) + lastFour();
    }

    /** By the leading digits that the networks publish; "unknown" for the rest. */
    public String brand() {
        int two = Integer.parseInt(digits.substring(0, 2));
        int four = Integer.parseInt(digits.substring(0, 4));
        if (digits.charAt(0) == '4') {
            return "visa";
        }
        if (two >= 51 && two <= 55 || four >= 2221 && four <= 2720) {
            return "mastercard";
        }
        if (two == 34 || two == 37) {
            return "amex";
        }
        if (four == 6011 || two == 65) {
            return "discover";
        }
        return "unknown";
    }

    @Override
    public String toString() {
        return masked();
    }

    /** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. */
    private static int luhnSum(CharSequence digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum;
    }
}
