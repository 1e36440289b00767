package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call's answer says and what it left behind. */
class CallInvariantsTest {
    @Test
    void acknowledgedCallHasExactlyOneCustomer() {
        String name = "acknowledged-has-one-customer";
        Lie.isSeenBy(name, history -> history.customers.remove(0));
        Lie.isSeenBy(name, history -> history.customers.add(history.customers.get(1)));
        Lie.isSeenBy(name, history -> history.customers.add(secondOf(history, 1)));
        Lie.isSeenBy(name, history -> Altered.in(history.calls, 0, "id", null));
        Lie.isSeenBy(name, history -> Altered.in(history.calls, 0, "id", UuidV7.create()));
        Lie.isSeenBy(
                name,
                history ->
                        Altered.in(history.calls, 0, "id", history.calls.get(1).id()));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.calls, 0, "username", "anna"));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, 0, "lastName", Call.lastName(7)));
    }

    @Test
    void unknownCallMadeOneCustomerOrNone() {
        String name = "unknown-made-at-most-one";
        Lie.isSeenBy(name, history -> history.customers.add(history.customers.get(5)));
        Lie.isSeenBy(name, history -> history.customers.add(secondOf(history, 5)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.calls, 7, "username", "guy"));
    }

    @Test
    void failedCallMadeNoCustomer() {
        String name = "failed-made-none";
        Lie.isSeenOnlyBy(name, history -> {
            Altered.in(history.calls, 7, "outcome", Outcome.FAILED);
            Altered.in(history.calls, 7, "status", 503);
        });
        Lie.isSeenBy(name, history -> Altered.in(history.customers, 5, "lastName", Call.lastName(6)));
    }

    @Test
    void noCustomerComesFromNowhere() {
        String name = "customers-come-from-calls";
        Lie.isSeenBy(name, history -> Altered.in(history.customers, 5, "lastName", "Call 99"));
        Lie.isSeenBy(name, history -> Altered.in(history.customers, 5, "lastName", "Example"));
        Lie.isSeenBy(name, history -> history.calls.remove(7));
    }

    private static CustomerRow secondOf(SampleHistory history, int index) {
        return Altered.with(history.customers.get(index), "id", UuidV7.create());
    }

    @Test
    void onlyAnAnswerThatSaysSoIsANo() {
        assertThat(Outcome.of(202)).isEqualTo(Outcome.OK);
        assertThat(List.of(400, 409, 429, 503)).allMatch(status -> Outcome.of(status) == Outcome.FAILED);
        assertThat(List.of(0, 200, 302, 500, 502, 504)).allMatch(status -> Outcome.of(status) == Outcome.UNKNOWN);
    }
}
