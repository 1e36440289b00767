package dev.doorbell.customer.domain;

/** Where the work on a customer's user at the identity provider stands; see {@code V2__identity.sql}. */
public enum IdentityState {
    /** A disabled user is to be made. */
    REQUESTED,
    /** It is there, disabled, and waits for the decision. */
    PROVISIONED,
    /** The provider will not have this user. */
    REFUSED,
    /** The registration is approved: the user is to be enabled, for as long as it takes. */
    ENABLING,
    ENABLED,
    /** The registration failed: what may have been made is to be removed. */
    REMOVING,
    /** There is no user, and none can turn up any more. */
    REMOVED
}
