package dev.doorbell.messages;

/** Why a registration failed, as it stands in events, tables and answers. */
public final class Reasons {
    public static final String NO_BALANCE_LEFT = "NO_BALANCE_LEFT";
    public static final String CARD_EXPIRED = "CARD_EXPIRED";
    public static final String IDENTITY_REFUSED = "IDENTITY_REFUSED";
    public static final String REGISTRATION_DEAD_LOCK_DETECTED = "REGISTRATION_DEAD_LOCK_DETECTED";
    /** The reversal came before the authorisation: only a payment's reason, the registration has its own by then. */
    public static final String REGISTRATION_ALREADY_FAILED = "REGISTRATION_ALREADY_FAILED";

    private Reasons() {}
}
