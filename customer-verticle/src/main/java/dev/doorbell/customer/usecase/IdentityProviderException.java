package dev.doorbell.customer.usecase;

import java.time.Duration;
import java.util.Optional;

/** A call of the identity provider failed, with or without effect; to be repeated. Its message holds no secret. */
public final class IdentityProviderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why; few enough for a metric's label. */
    public enum Reason {
        UNREACHABLE,
        TIMED_OUT,
        /** The permit is not good any more. */
        UNAUTHORIZED,
        /** The service's account lacks a right, or the realm is not there: somebody has to mend it. */
        FORBIDDEN,
        THROTTLED,
        SERVER_ERROR,
        /** Something else than the protocol allows. */
        UNEXPECTED_ANSWER,
        /** The provider drops the attribute by which we know our users: its realm does not declare it. */
        ATTRIBUTE_LOST,
        /** Not called, because it fails anyway. */
        CIRCUIT_OPEN;

        /** Whether the provider as a whole is in trouble, not just this call. */
        public boolean isOutage() {
            return this == UNREACHABLE || this == TIMED_OUT || this == SERVER_ERROR || this == THROTTLED;
        }

        /** Whether the provider has certainly done nothing. */
        private boolean hadNoEffect() {
            return this == UNAUTHORIZED || this == FORBIDDEN || this == THROTTLED || this == CIRCUIT_OPEN;
        }
    }

    private final Reason reason;
    private final Duration retryAfter;
    private final boolean beforeEffect;
    private final String madeUserId;

    private IdentityProviderException(
            Reason reason, String message, Duration retryAfter, boolean beforeEffect, String madeUserId) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.beforeEffect = beforeEffect;
        this.madeUserId = madeUserId;
    }

    /** @param retryAfter what the provider asked for, zero if nothing */
    public IdentityProviderException(Reason reason, String message, Duration retryAfter) {
        this(reason, message, retryAfter, false, null);
    }

    public IdentityProviderException(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    /** The same, of a call before which nothing was sent that can have an effect, and that has none itself. */
    public IdentityProviderException beforeAnyEffect() {
        return new IdentityProviderException(reason, getMessage(), retryAfter, true, null);
    }

    /** Whether the provider has certainly done nothing, and will not. */
    public boolean hadNoEffect() {
        return beforeEffect || reason.hadNoEffect();
    }

    public Reason reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    /** The same of a call that has made this user before it failed. */
    public IdentityProviderException havingMade(String userId) {
        return new IdentityProviderException(reason, getMessage(), retryAfter, false, userId);
    }

    /** The user that the call has certainly made, and that may still be there. */
    public Optional<String> madeUserId() {
        return Optional.ofNullable(madeUserId);
    }
}
