package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Where customers have their users. Every call may be repeated, and may have had its effect although it failed; a failed
 * one fails with {@link IdentityProviderException}. Use from one event loop.
 */
public interface IdentityProvider {
    /** With what a registration begins: empty when a user is to be made for it. */
    Optional<IdentityOutcome> initialOutcome();

    /** How many calls it is fit for at the moment; 0 while it is known to be down. */
    int capacity();

    /** The right to call it for a while. */
    Future<Permit> permit();

    /** Finds out whether it is back, if it was down and only a call can tell; to be asked by who has no work for it. */
    Future<Void> probe();

    /**
     * Makes a disabled user, or finds the one that an earlier attempt has made.
     *
     * @param userId as far as an earlier attempt has told it, else null
     */
    Future<Provisioned> provision(Permit permit, User user, String userId);

    /** Disables this customer's user. To be sent only by who can exclude that the user is being enabled meanwhile. */
    Future<Void> disable(Permit permit, User user, String userId);

    /**
     * Enables the user; makes it anew when somebody has removed it, and marks it as this customer's again when somebody has
     * taken that from it.
     *
     * @param userId as {@link #provision} found it, or null
     */
    Future<Provisioned> enable(Permit permit, User user, String userId);

    /**
     * Removes the user if there is one and it is this customer's, or was made for it and is still without what says so;
     * nobody else's. Succeeds when there is none any more.
     *
     * @param userId as far as it is known, else null
     */
    Future<Void> remove(Permit permit, User user, String userId);

    /**
     * Gives the user its first password. A failure tells whether the password can have been set, or still be.
     *
     * @param userId as far as it is known, else null
     * @param password to be sent on, never to be kept or logged
     */
    Future<PasswordAnswer> setPassword(Permit permit, User user, String userId, String password);

    /** A credential that ends by itself, so that a call nobody waits for any longer cannot take effect at just any time. */
    interface Permit {
        /** For how long what is sent with it now can still take effect: when it is over, nothing can. */
        Duration life();
    }

    /** What a user is made of. */
    record User(UUID customerId, String username, String firstName, String lastName) {}

    /** What came of {@link #provision} and {@link #enable}. */
    sealed interface Provisioned {
        /** The provider's user of this customer. */
        record Done(String userId) implements Provisioned {}

        /** The name belongs to somebody else's user. @param holder whose, if it is a customer's at all */
        record Taken(String userId, Optional<UUID> holder) implements Provisioned {}

        /** There is one already, and somebody has enabled it. */
        record Enabled(String userId) implements Provisioned {}

        /** The provider does not accept such a user, and never will. */
        record Invalid() implements Provisioned {}
    }

    /** What came of {@link #setPassword}. */
    sealed interface PasswordAnswer {
        record Set() implements PasswordAnswer {}

        /** The user has one. */
        record AlreadySet() implements PasswordAnswer {}

        /** By the provider's policy. @param detail for the user, without the password or any part of it */
        record Refused(String detail) implements PasswordAnswer {}
    }
}
