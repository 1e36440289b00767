package dev.doorbell.customer.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** In what a customer and the identity provider can come to disagree, through whatever happens outside of our steps. */
public enum DriftKind {
    /** A registered customer without a user: cannot sign in. */
    MISSING(true),
    /** A user of a registration that has failed, or of a customer that there is not. */
    ORPHANED(true),
    /** A user who can sign in before the registration is decided. */
    ENABLED_EARLY(true),
    /** The user of a registered customer is disabled. */
    DISABLED(true),
    /** The user that was made for a customer, under its name, does not carry its id any more. */
    ATTRIBUTE_LOST(true),
    /** A registered customer without a user, and the name is somebody else's: a person has to decide. */
    NAME_TAKEN(false),
    /** Besides the customer's user another one carries its id: a person has to decide. */
    SECOND_USER(false);

    /** Every kind that can be repaired without a person's decision. */
    public static final Set<DriftKind> REPAIRABLE = Collections.unmodifiableSet(Arrays.stream(values())
            .filter(kind -> kind.repairable)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(DriftKind.class))));

    private final boolean repairable;

    DriftKind(boolean repairable) {
        this.repairable = repairable;
    }

    /** As settings, metrics and reports name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
