package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.customer.domain.RegistrationSaga;
import dev.doorbell.customer.domain.RegistrationSaga.Participant;
import dev.doorbell.customer.domain.RegistrationTransitions;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.payment.domain.PaymentStatus;
import dev.doorbell.system.faults.history.Evidence.Side;
import dev.doorbell.system.faults.history.Expectations.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The checker as a whole, and what it asks of a run before it believes it. */
class RunInvariantsTest {
    private static final String RUN = "run-proves-something";

    @Test
    void historyInWhichNothingIsWrongHasNoViolations() {
        assertThat(SampleHistory.good().check()).isEmpty();
    }

    @Test
    void undisturbedHistoryHasNoViolationsEither() {
        SampleHistory history = SampleHistory.good();
        history.expectations = Expectations.ofUndisturbed(SampleHistory.DEADLINE, new Minimum(1, 5, 2, 2, 0));
        assertThat(history.check()).isEmpty();
    }

    @Test
    void nothingAtAllIsNoSuccess() {
        Side customers = new Side(Rest.CUSTOMER_GROUP, List.of(), List.of(), List.of(), List.of());
        Side payments = new Side(Rest.PAYMENT_GROUP, List.of(), List.of(), List.of(), List.of());
        Evidence nothing = new Evidence(
                List.of(), List.of(), List.of(), List.of(), customers, payments, List.of(), List.of(), List.of());
        Expectations expectations = Expectations.ofUndisturbed(Duration.ofSeconds(1), new Minimum(1, 1, 1, 1, 0));

        assertThat(Invariants.check(nothing, List.of(), expectations))
                .containsExactly(
                        new Violation(RUN, "0 acknowledged registrations instead of 1"),
                        new Violation(RUN, "0 registrations that succeeded instead of 1"),
                        new Violation(RUN, "0 registrations whose payment was refused instead of 1"));
        assertThat(Invariants.check(nothing, SampleHistory.good().calls, expectations))
                .extracting(Violation::invariant)
                .contains("acknowledged-has-one-customer");
    }

    @Test
    void runMustProveSomething() {
        Lie.isSeenOnlyBy(RUN, history -> history.expectations = expecting(1, new Fault("cut", false)));
        Lie.isSeenOnlyBy(RUN, history -> history.expectations = expecting(0, new Fault("cut", true)));
        Lie.isSeenOnlyBy(RUN, history -> history.expectations = expecting(1));
        Lie.isSeenOnlyBy(
                RUN,
                history -> history.expectations = new Expectations(
                        SampleHistory.DEADLINE,
                        new Minimum(1, 5, 2, 2, 1),
                        List.of(new Fault("cut", true)),
                        true,
                        List.of(),
                        Optional.empty()));
    }

    @Test
    void asManyFaultsMustHitAsWereSureTo() {
        Fault hit = new Fault("kill", true);
        Fault missed = new Fault("cut", false);
        Lie.isSeenOnlyBy(RUN, history -> history.expectations = expecting(2, hit, missed, missed));
        SampleHistory enough = SampleHistory.good();
        enough.expectations = expecting(2, hit, missed, hit);
        assertThat(enough.check()).isEmpty();
    }

    /** Each minimum is just reached in the good history, and none may be left out. */
    @Test
    void runMustHaveAcknowledgedRegisteredAndRefused() {
        List.of(
                        new Minimum(1, 6, 2, 2, 1),
                        new Minimum(1, 5, 3, 2, 1),
                        new Minimum(1, 5, 2, 3, 1),
                        new Minimum(1, 0, 2, 2, 1),
                        new Minimum(1, 5, 0, 2, 1),
                        new Minimum(1, 5, 2, 0, 1))
                .forEach(minimum -> Lie.isSeenOnlyBy(RUN, history -> history.expectations = expecting(minimum)));
    }

    /** Ann registered before it, bob and cid were refused in it. */
    @Test
    void whatHappenedBeforeTheRunDoesNotCountForIt() {
        SampleHistory history = SampleHistory.good();
        history.expectations = expecting(new Minimum(2, 4, 1, 2, 1));
        assertThat(history.check()).isEmpty();
        history.expectations = expecting(new Minimum(2, 5, 2, 3, 1));
        assertThat(history.check()).hasSize(3).extracting(Violation::invariant).containsOnly(RUN);
    }

    private static Expectations expecting(int hits, Fault... faults) {
        return Expectations.of(SampleHistory.DEADLINE, new Minimum(1, 5, 2, 2, hits), List.of(faults));
    }

    private static Expectations expecting(Minimum minimum) {
        return Expectations.of(SampleHistory.DEADLINE, minimum, List.of(new Fault("kill", true)));
    }

    @Test
    void logMustBeWhole() {
        String log = "log-is-whole";
        Lie.isSeenBy(log, history -> history.calls.remove(6));
        Lie.isSeenBy(log, history -> history.calls.remove(0));
        Lie.isSeenBy(log, history -> history.calls.add(history.calls.get(6)));
        Lie.isSeenOnlyBy(log, history -> Altered.in(history.calls, 5, "outcome", Outcome.UNKNOWN));
        Lie.isSeenOnlyBy(log, history -> Altered.in(history.calls, 6, "status", 503));
    }

    @Test
    void violationsOfAnInvariantAreNotListedWithoutEnd() {
        SampleHistory history = SampleHistory.good();
        for (int i = 0; i < Invariants.SHOWN_MAX; i++) {
            history.call(Outcome.OK, "hal");
        }
        Altered.in(history.customers, 0, "username", "hal");

        assertThat(history.check().stream()
                        .filter(violation -> violation.invariant().startsWith("acknowledged")))
                .hasSize(Invariants.SHOWN_MAX + 1)
                .last()
                .isEqualTo(new Violation("acknowledged-has-one-customer", "and 1 more"));
    }

    @Test
    void everyInvariantHasItsOwnName() {
        assertThat(Invariants.ALL)
                .extracting(Invariant::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)+"));
    }

    /** The checker keeps tables of its own; where they differ from the product's, one of them is wrong. */
    @Test
    void waysThroughTheStateTablesAreThoseOfTheProduct() {
        assertThat(Set.copyOf(RegistrationsFollowTheTable.WAYS.values()))
                .isEqualTo(RegistrationTransitions.TABLE.stream()
                        .map(transition -> {
                            List<String> way = new java.util.ArrayList<>(transition.events());
                            way.add(0, EventTypes.CUSTOMER_PENDING_REGISTRATION);
                            return way;
                        })
                        .collect(Collectors.toSet()));
        assertThat(PaymentsFollowTheTable.WAYS.keySet())
                .isEqualTo(Arrays.stream(PaymentStatus.values()).map(Enum::name).collect(Collectors.toSet()));
        assertThat(ConsumedIsInTheInbox.HANDLED)
                .isEqualTo(Map.of(
                        Rest.CUSTOMER_GROUP, RegistrationSaga.triggersOf(Participant.CUSTOMER),
                        Rest.PAYMENT_GROUP, RegistrationSaga.triggersOf(Participant.PAYMENT)));
        Set<String> customerWithUsers = new HashSet<>(RegistrationSaga.triggersOf(Participant.CUSTOMER));
        customerWithUsers.addAll(RegistrationSaga.triggersOf(Participant.IDENTITY));
        assertThat(ConsumedIsInTheInbox.HANDLED_WITH_USERS)
                .isEqualTo(Map.of(
                        Rest.CUSTOMER_GROUP,
                        customerWithUsers,
                        Rest.PAYMENT_GROUP,
                        RegistrationSaga.triggersOf(Participant.PAYMENT)));
    }
}
