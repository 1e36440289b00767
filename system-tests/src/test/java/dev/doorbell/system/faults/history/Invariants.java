package dev.doorbell.system.faults.history;

import java.util.List;
import java.util.stream.Stream;

/** All invariants, and the one way to check them. */
public final class Invariants {
    static final List<Invariant> ALL = List.of(
            new RunProvesSomething(),
            new LogIsWhole(),
            new AcknowledgedHasOneCustomer(),
            new UnknownMadeAtMostOne(),
            new FailedMadeNone(),
            new CustomersComeFromCalls(),
            new TerminalInTime(),
            new UsernamesUnique(),
            new OnePaymentInForce(),
            new RegistrationsFollowTheTable(),
            new PaymentsFollowTheTable(),
            new RepliesWereRecorded(),
            new ReversalsAreRemembered(),
            new FeesFollowTheCard(),
            new EveryEventPublished(),
            new NothingFromNowhere(),
            new FirstOccurrencesInOrder(),
            new ConsumedIsInTheInbox(),
            new DeadLettersAreThePoison(),
            new SuccessHasOneUser(),
            new FailureHasNoUser(),
            new UsersBelongToCustomers(),
            new StrangersAreUntouched(),
            new IdentityWorkIsDone());

    /** A lost table contradicts everything in it; nobody reads on after so many. */
    static final int SHOWN_MAX = 20;

    private Invariants() {}

    /** Pure. Empty when nothing contradicts what is promised; of each invariant the first 20 contradictions. */
    public static List<Violation> check(Evidence evidence, List<Call> calls, Expectations expectations) {
        History history = new History(evidence, calls, expectations);
        return ALL.stream().flatMap(invariant -> violations(invariant, history)).toList();
    }

    private static Stream<Violation> violations(Invariant invariant, History history) {
        List<String> found = invariant.contradictions(history);
        int more = found.size() - SHOWN_MAX;
        Stream<String> shown = found.stream().limit(SHOWN_MAX);
        return (more > 0 ? Stream.concat(shown, Stream.of("and " + more + " more")) : shown)
                .map(what -> new Violation(invariant.name(), what));
    }
}
