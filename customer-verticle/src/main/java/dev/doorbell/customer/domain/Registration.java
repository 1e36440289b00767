package dev.doorbell.customer.domain;

import dev.doorbell.messages.Reasons;
import java.util.Optional;
import java.util.UUID;

/**
 * A registration as the saga sees it, read under its row's lock. It decides; the store writes what it decided.
 *
 * @param username canonical
 * @param reason why it failed, null unless it did
 * @param payment null while the reply is awaited
 * @param identity null while it is awaited
 */
public record Registration(
        UUID id,
        String username,
        RegistrationStatus status,
        String reason,
        PaymentOutcome payment,
        IdentityOutcome identity) {

    /** A transition to make, with the reason that a failed registration keeps. */
    public record Decision(RegistrationTransitions.Transition transition, String reason) {}

    /** The payment's reply is recorded once; a second one is ignored. */
    public Registration withPayment(PaymentOutcome outcome) {
        return new Registration(id, username, status, reason, payment == null ? outcome : payment, identity);
    }

    public Registration withIdentity(IdentityOutcome outcome) {
        return new Registration(id, username, status, reason, payment, outcome);
    }

    /**
     * Both replies are in and positive, and there is a user to be enabled: the pivot is passed, nothing rejects this
     * registration any more, and it becomes a success when the user can sign in ({@link #enabled}).
     */
    public boolean isApproved() {
        return status == RegistrationStatus.REGISTRATION_PENDING
                && payment == PaymentOutcome.AUTHORIZED
                && identity == IdentityOutcome.PROVISIONED;
    }

    /** The end of an approved registration. */
    public Decision enabled() {
        return decision(Trigger.ALL_POSITIVE, null);
    }

    /**
     * The pivot: either negative reply rejects at once, all positive ones approve, otherwise the registration waits. A
     * terminal one never decides again, so a late reply changes nothing here; it was compensated when the registration
     * failed. Where there is a user to be enabled, approval is {@link #isApproved} and the end comes with the user.
     *
     * @param refusal the reason of a negative payment reply, null without one
     */
    public Optional<Decision> decide(String refusal) {
        if (status.isTerminal()) {
            return Optional.empty();
        }
        if (payment == PaymentOutcome.REFUSED) {
            return Optional.of(decision(Trigger.PAYMENT_REFUSED, refusal));
        }
        if (identity == IdentityOutcome.REFUSED) {
            return Optional.of(decision(Trigger.IDENTITY_REFUSED, Reasons.IDENTITY_REFUSED));
        }
        if (payment == PaymentOutcome.AUTHORIZED && identity == IdentityOutcome.NOT_REQUIRED) {
            return Optional.of(decision(Trigger.ALL_POSITIVE, null));
        }
        return Optional.empty();
    }

    private Decision decision(Trigger trigger, String why) {
        return new Decision(RegistrationTransitions.of(status, trigger), why);
    }
}
