package dev.doorbell.customer.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** In what a customer and the identity provider can come to disagree, through whatever happens outside of our steps. */
public enum DriftKind {
    /** A registered customer without a user: cannot sign in. */
    MISSING(Repair.WITH_ALL),
    /** A user of a registration of ours that has failed. */
    ORPHANED(Repair.WITH_ALL),
    /** A user who carries the id of a customer that this database does not know; another environment may know it. */
    UNKNOWN_CUSTOMER(Repair.BY_NAME),
    /** A user who can sign in before the registration is decided. */
    ENABLED_EARLY(Repair.WITH_ALL),
    /** The user of a registered customer is disabled. */
    DISABLED(Repair.WITH_ALL),
    /** The user that was made for a customer, under its name, does not carry its id any more. */
    ATTRIBUTE_LOST(Repair.WITH_ALL),
    /** A registered customer without a user, and the name is somebody else's: a person has to decide. */
    NAME_TAKEN(Repair.NEVER),
    /** Besides the customer's user another one carries its id: a person has to decide. */
    SECOND_USER(Repair.NEVER);

    private enum Repair {
        /** The database alone says what is right. */
        WITH_ALL,
        /** Right only where the realm is ours alone, which nothing here can know. */
        BY_NAME,
        /** A person has to decide each. */
        NEVER
    }

    /** What who asks for all repairs gets repaired. */
    public static final Set<DriftKind> ALL_REPAIRS = where(kind -> kind.repair == Repair.WITH_ALL);
    /** Every kind that can be repaired at all. */
    public static final Set<DriftKind> REPAIRABLE = where(kind -> kind.repair != Repair.NEVER);

    private final Repair repair;

    DriftKind(Repair repair) {
        this.repair = repair;
    }

    private static Set<DriftKind> where(Predicate<DriftKind> condition) {
        return Collections.unmodifiableSet(Arrays.stream(values())
                .filter(condition)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(DriftKind.class))));
    }

    /** As settings, metrics and reports name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
