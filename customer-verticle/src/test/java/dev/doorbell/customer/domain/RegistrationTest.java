package dev.doorbell.customer.domain;

import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_FAILED;
import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_PENDING;
import static dev.doorbell.customer.domain.RegistrationStatus.REGISTRATION_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    /** Every combination of replies, null for one that is awaited, and what it must lead to. */
    @Test
    void thePivotDecidesEveryCombinationOfReplies() {
        List<String> decisions = new ArrayList<>();
        List<PaymentOutcome> payments = new ArrayList<>(Arrays.asList(PaymentOutcome.values()));
        payments.add(null);
        List<IdentityOutcome> identities = new ArrayList<>(Arrays.asList(IdentityOutcome.values()));
        identities.add(null);
        for (PaymentOutcome payment : payments) {
            for (IdentityOutcome identity : identities) {
                String decision = pending(payment, identity)
                        .decide(payment == PaymentOutcome.REFUSED ? "NO_BALANCE_LEFT" : null)
                        .map(made -> made.transition().to() + " " + made.reason())
                        .orElse("waits");
                decisions.add(payment + " " + identity + ": " + decision);
            }
        }
        assertThat(decisions)
                .containsExactly(
                        "AUTHORIZED NOT_REQUIRED: REGISTRATION_SUCCESS null",
                        "AUTHORIZED PROVISIONED: waits",
                        "AUTHORIZED REFUSED: REGISTRATION_FAILED IDENTITY_REFUSED",
                        "AUTHORIZED null: waits",
                        "REFUSED NOT_REQUIRED: REGISTRATION_FAILED NO_BALANCE_LEFT",
                        "REFUSED PROVISIONED: REGISTRATION_FAILED NO_BALANCE_LEFT",
                        "REFUSED REFUSED: REGISTRATION_FAILED NO_BALANCE_LEFT",
                        "REFUSED null: REGISTRATION_FAILED NO_BALANCE_LEFT",
                        "null NOT_REQUIRED: waits",
                        "null PROVISIONED: waits",
                        "null REFUSED: REGISTRATION_FAILED IDENTITY_REFUSED",
                        "null null: waits");
    }

    @Test
    void aTerminalRegistrationNeverDecidesAgain() {
        for (RegistrationStatus status : List.of(REGISTRATION_SUCCESS, REGISTRATION_FAILED)) {
            for (PaymentOutcome payment : PaymentOutcome.values()) {
                Registration registration =
                        new Registration(UUID.randomUUID(), "ada", status, null, payment, IdentityOutcome.NOT_REQUIRED);
                assertThat(registration.decide("NO_BALANCE_LEFT")).isEmpty();
            }
        }
    }

    @Test
    void theFirstPaymentReplyStays() {
        assertThat(pending(PaymentOutcome.AUTHORIZED, null)
                        .withPayment(PaymentOutcome.REFUSED)
                        .payment())
                .isEqualTo(PaymentOutcome.AUTHORIZED);
    }

    @Test
    void theTableHoldsOneTransitionForEveryTriggerAndNoneOutOfATerminalStatus() {
        for (Trigger trigger : Trigger.values()) {
            assertThat(RegistrationTransitions.of(REGISTRATION_PENDING, trigger)
                            .to()
                            .isTerminal())
                    .isTrue();
            for (RegistrationStatus terminal : List.of(REGISTRATION_SUCCESS, REGISTRATION_FAILED)) {
                assertThatThrownBy(() -> RegistrationTransitions.of(terminal, trigger))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(RegistrationTransitions.TABLE).hasSize(Trigger.values().length);
    }

    private static Registration pending(PaymentOutcome payment, IdentityOutcome identity) {
        return new Registration(UUID.randomUUID(), "ada", REGISTRATION_PENDING, null, payment, identity);
    }
}
