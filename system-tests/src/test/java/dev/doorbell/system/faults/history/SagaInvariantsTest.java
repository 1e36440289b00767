package dev.doorbell.system.faults.history;

import static dev.doorbell.messages.Reasons.CARD_EXPIRED;
import static dev.doorbell.messages.Reasons.NO_BALANCE_LEFT;
import static dev.doorbell.messages.Reasons.REGISTRATION_DEAD_LOCK_DETECTED;
import static dev.doorbell.system.faults.history.SampleHistory.BEGIN;
import static dev.doorbell.system.faults.history.SampleHistory.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.outbox.UuidV7;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Customers, payments and the ways that they went. Customers: ann, bob, cid, dot, eve, gus, ida; payments in the same order. */
class SagaInvariantsTest {
    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final int CID = 2;
    private static final int DOT = 3;
    private static final int EVE = 4;

    @Test
    void everyRegistrationIsTerminalInTime() {
        String name = "terminal-in-time";
        Instant limit = SampleHistory.good()
                .customers
                .get(ANN)
                .createdAt()
                .plus(DEADLINE)
                .plusSeconds(60);
        SampleHistory justInTime = SampleHistory.good();
        Altered.in(justInTime.customers, ANN, "settledAt", limit);
        assertThat(justInTime.check()).isEmpty();
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "settledAt", limit.plusMillis(1)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "settledAt", null));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, ANN, "status", "REGISTRATION_PENDING"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "settledAt", BEGIN));
    }

    @Test
    void deadlineCountsFromTheLastLagBeforeTheEnd() {
        SampleHistory history = SampleHistory.good();
        Instant late = BEGIN.plusSeconds(200);
        Altered.in(history.customers, ANN, "settledAt", late);
        history.lags.add(late.plusMillis(1));
        assertThat(history.check())
                .as("a lag after the end")
                .extracting(Violation::invariant)
                .containsOnly("terminal-in-time");
        history.lags.add(late.minusSeconds(71));
        assertThat(history.check()).as("too early a lag").hasSize(1);
        history.lags.add(late.minusSeconds(70));
        assertThat(history.check()).isEmpty();
    }

    /** An approved registration waits for as long as its user cannot be enabled, and nobody else does. */
    @Test
    void successCountsFromTheReturnOfTheIdentityProvider() {
        String name = "terminal-in-time";
        Instant late = BEGIN.plusSeconds(200);
        SampleHistory history = SampleHistory.good();
        Altered.in(history.customers, ANN, "settledAt", late);
        history.returns.add(late.minusSeconds(70));
        assertThat(history.check()).isEmpty();
        Lie.isSeenOnlyBy(name, other -> {
            Altered.in(other.customers, ANN, "settledAt", late);
            other.returns.add(late.minusSeconds(71));
        });
        Lie.isSeenOnlyBy(name, other -> {
            Altered.in(other.customers, BOB, "settledAt", late);
            other.returns.add(late.minusSeconds(70));
        });
    }

    /** A run in which everything is rejected at once would be terminal in good time. */
    @Test
    void nothingIsRejectedBeforeItsDeadline() {
        String name = "terminal-in-time";
        Instant deadline = SampleHistory.good().customers.get(DOT).createdAt().plus(DEADLINE);
        SampleHistory onTime = SampleHistory.good();
        Altered.in(onTime.customers, DOT, "settledAt", deadline);
        assertThat(onTime.check()).isEmpty();
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, DOT, "settledAt", deadline.minusMillis(1)));
        SampleHistory refused = SampleHistory.good();
        Altered.in(
                refused.customers, BOB, "settledAt", refused.customers.get(BOB).createdAt());
        assertThat(refused.check()).as("no deadline matters to a refusal").isEmpty();
    }

    @Test
    void deadlineOfWhoIsRejectedCountsFromTheLastLagThatCouldBeSeen() {
        String name = "terminal-in-time";
        SampleHistory good = SampleHistory.good();
        Instant end = good.customers.get(DOT).createdAt().plusSeconds(20);
        Instant unseen = end.minus(TerminalInTime.UNSEEN);
        Altered.in(good.customers, DOT, "settledAt", end);
        Altered.in(good.customers, EVE, "settledAt", end);
        good.lags.add(end.minus(DEADLINE));
        good.lags.add(unseen);
        assertThat(good.check()).isEmpty();
        for (Instant lag : List.of(end.minus(DEADLINE).plusMillis(1), unseen.minusMillis(1))) {
            Lie.isSeenOnlyBy(name, history -> {
                Altered.in(history.customers, DOT, "settledAt", end);
                Altered.in(history.customers, EVE, "settledAt", end);
                history.lags.add(lag);
            });
        }
    }

    @Test
    void successHasOnePaymentInForceAndFailureNone() {
        String name = "one-payment-in-force";
        Lie.isSeenBy(name, history -> history.payments.remove(ANN));
        Lie.isSeenBy(name, history -> history.payments.remove(BOB));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, DOT, "status", "AUTHORIZED"));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, ANN, "status", "REVERSED"));
        Lie.isSeenBy(
                name, history -> history.payments.add(Altered.with(history.payments.get(ANN), "id", UuidV7.create())));
        Lie.isSeenBy(
                name,
                history ->
                        history.payments.add(Altered.with(history.payments.get(ANN), "customerId", UuidV7.create())));
        Lie.isSeenBy(
                name,
                history -> Altered.in(
                        history.payments,
                        ANN,
                        "customerId",
                        history.customers.get(BOB).id()));
    }

    @Test
    void usernamesAreUniqueAmongThoseThatDidNotFail() {
        String name = "usernames-unique";
        Lie.isSeenBy(name, history -> Altered.in(history.customers, 5, "username", "ann"));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, ANN, "username", "gus"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, BOB, "usernameReleasedAt", null));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "usernameReleasedAt", BEGIN));
    }

    /** At rest nothing shows it: of those who had the name at once at most one has not failed. */
    @Test
    void usernamesAreUniqueAtEveryMoment() {
        String name = "usernames-unique";
        Lie.isSeenBy(name, history -> Altered.in(history.customers, EVE, "username", "ann"));
        int dotFailed = 7;
        Lie.isSeenBy(name, history -> {
            Altered.in(history.customers, EVE, "username", "dot");
            Altered.in(history.customerSide.outbox, dotFailed, "seq", 99L);
        });
        SampleHistory oneAfterTheOther = SampleHistory.good();
        Altered.in(oneAfterTheOther.customers, EVE, "username", "dot");
        Altered.in(oneAfterTheOther.customers, 5, "username", "dot");
        assertThat(oneAfterTheOther.check()).extracting(Violation::invariant).doesNotContain(name);
    }

    @Test
    void registrationsFollowTheStateTable() {
        String name = "registrations-follow-the-table";
        // A second end, the other end, no end, no beginning, the order, and an end that is told of twice.
        Lie.isSeenBy(name, history -> resurrect(history, BOB));
        Lie.isSeenBy(name, history -> Altered.in(history.customerSide.outbox, 1, "type", "CustomerNotRegisteredEvent"));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.remove(1));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.remove(0));
        Lie.isSeenBy(name, history -> Collections.swap(history.customerSide.outbox, 7, 8));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.add(history.customerSide.outbox.get(1)));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, BOB, "reason", CARD_EXPIRED));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, BOB, "reason", REGISTRATION_DEAD_LOCK_DETECTED));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, DOT, "reason", NO_BALANCE_LEFT));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, ANN, "status", "REGISTRATION_FAILED"));
        Lie.isSeenBy(name, history -> history.customers.remove(EVE));
        Lie.isSeenBy(name, history -> Altered.in(history.customerSide.outbox, 1, "payload", "{}"));
        Lie.isSeenBy(
                name,
                history -> Altered.in(
                        history.customerSide.outbox,
                        1,
                        "payload",
                        history.customerSide.outbox.get(13).payload()));
    }

    private static void resurrect(SampleHistory history, int index) {
        var row = history.customerSide.outbox.get(1);
        String id = history.customers.get(index).id().toString();
        history.customerSide.outbox.add(Altered.with(
                Altered.with(Altered.with(row, "aggregateId", id), "seq", 99L), "eventId", UuidV7.create()));
    }

    @Test
    void paymentsFollowTheStateTable() {
        String name = "payments-follow-the-table";
        Lie.isSeenBy(name, history -> history.paymentSide.outbox.remove(3));
        Lie.isSeenBy(name, history -> history.paymentSide.outbox.remove(4));
        Lie.isSeenBy(name, history -> Collections.swap(history.paymentSide.outbox, 3, 4));
        Lie.isSeenBy(name, history -> history.paymentSide.outbox.add(history.paymentSide.outbox.get(0)));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, DOT, "status", "REFUSED"));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, BOB, "reason", CARD_EXPIRED));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, ANN, "amount", new BigDecimal("2.0001")));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, DOT, "amount", new BigDecimal("2.0001")));
        Lie.isSeenBy(name, history -> history.payments.remove(CID));
        Lie.isSeenBy(
                name,
                history -> Altered.in(
                        history.paymentSide.outbox,
                        0,
                        "payload",
                        history.paymentSide.outbox.get(6).payload()));
    }

    @Test
    void customersKnowTheRepliesOfTheirPayments() {
        String name = "replies-were-recorded";
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, ANN, "paymentOutcome", null));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, DOT, "paymentOutcome", "REFUSED"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.customers, EVE, "paymentId", UuidV7.create()));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, ANN, "status", "REGISTRATION_FAILED"));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, CID, "reason", NO_BALANCE_LEFT));
    }

    @Test
    void failuresAndNothingElseAreRemembered() {
        String name = "reversals-are-remembered";
        Lie.isSeenOnlyBy(name, history -> history.versionFiles.remove(BOB));
        Lie.isSeenOnlyBy(name, history -> history.versionFiles.add(history.versionFiles.get(ANN)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.versionFiles, ANN, "reversedAt", BEGIN));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.versionFiles, EVE, "reversedAt", null));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.versionFiles, EVE, "requestedAt", null));
        Lie.isSeenBy(name, history -> Altered.in(history.versionFiles, EVE, "customerId", UuidV7.create()));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, ANN, "status", "REVERSED"));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.payments, DOT, "reason", NO_BALANCE_LEFT));
    }

    @Test
    void feesFollowTheCard() {
        String name = "fees-follow-the-card";
        Lie.isSeenBy(name, history -> Altered.in(history.payments, ANN, "amount", new BigDecimal("2.0001")));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, BOB, "amount", new BigDecimal("1.9999")));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, CID, "reason", NO_BALANCE_LEFT));
        Lie.isSeenBy(name, history -> Altered.in(history.payments, BOB, "status", "AUTHORIZED"));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.remove(0));
        List.of(ANN, BOB, CID)
                .forEach(index -> Lie.isSeenBy(
                        name, history -> Altered.in(history.customerSide.outbox, 2 * index, "payload", "{}")));
    }
}
