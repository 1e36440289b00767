package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Reasons;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a run must at least have brought about before the lack of contradictions means anything.
 *
 * @param firstCall the run's first number in the log: a log and its databases may have seen earlier runs
 * @param acknowledged calls answered with 202
 * @param registered customers that end REGISTRATION_SUCCESS: a system that rejects everybody contradicts nothing
 * @param refused customers whose payment was refused for what is wrong with the card
 * @param hits faults that really hit
 */
public record Minimum(long firstCall, int acknowledged, int registered, int refused, int hits) {
    private static final Set<String> REFUSALS = Set.of(Reasons.NO_BALANCE_LEFT, Reasons.CARD_EXPIRED);

    /** What the run lacks, for a person. */
    List<String> lacking(History history) {
        List<Call> own = history.calls().stream()
                .filter(call -> call.number() >= firstCall)
                .toList();
        List<CustomerRow> customers =
                own.stream().flatMap(call -> history.customersOf(call).stream()).toList();
        List<String> lacking = new ArrayList<>();
        compare(
                lacking,
                "acknowledged registrations",
                own.stream().filter(call -> call.outcome() == Outcome.OK).count(),
                acknowledged);
        compare(
                lacking,
                "registrations that succeeded",
                customers.stream()
                        .filter(row -> row.status().equals("REGISTRATION_SUCCESS"))
                        .count(),
                registered);
        compare(
                lacking,
                "registrations whose payment was refused",
                customers.stream()
                        .filter(row -> row.reason() != null && REFUSALS.contains(row.reason()))
                        .count(),
                refused);
        return lacking;
    }

    private static void compare(List<String> lacking, String what, long count, int minimum) {
        if (minimum < 1) {
            lacking.add("it asks for no " + what);
        }
        if (count < minimum) {
            lacking.add(count + " " + what + " instead of " + minimum);
        }
    }
}
