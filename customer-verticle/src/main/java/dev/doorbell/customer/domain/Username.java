package dev.doorbell.customer.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A username in its one canonical form, lower case, as Keycloak keeps it. ASCII only: look-alike letters of other
 * scripts would make two names that nobody can tell apart.
 */
public record Username(String canonical) {
    /** What {@link #parse} accepts, for people. */
    public static final String FORM =
            "3 to 64 letters a-z, digits, '.', '_', '-', '+' or '@', beginning with a letter or digit";

    /** Of what was given: a Kelvin sign has a lower case of ASCII. */
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+@-]{2,63}");

    /** Empty for what cannot be a username. Surrounding space is not trimmed: it is a mistake that should show. */
    public static Optional<Username> parse(String text) {
        return PATTERN.matcher(text).matches()
                ? Optional.of(new Username(text.toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }
}
