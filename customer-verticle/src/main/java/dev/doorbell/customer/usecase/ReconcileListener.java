package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.DriftKind;
import java.time.Duration;
import java.util.UUID;

/** Told what comparisons find, on the event loop: return at once, throw nothing. Ids only, no personal data. */
public interface ReconcileListener {
    /** Tells nobody. */
    ReconcileListener NONE = new ReconcileListener() {};

    /** How a run ended. */
    enum End {
        COMPLETED,
        /** Where it stands is noted; the next one goes on there. */
        GIVEN_UP
    }

    /** @param customerId as the user carries it; there may be no such customer @param userId null where none is known */
    default void found(DriftKind kind, UUID customerId, String userId) {}

    /** What was found is being repaired: the work is written down, or done. */
    default void repaired(DriftKind kind, UUID customerId, String userId) {}

    default void ended(End end) {}

    /**
     * Looked up now and then.
     *
     * @param age since a comparison was completed, by whichever instance; since there could have been one, where none was
     * @param findingsLeft that one's, not repaired
     */
    default void lastCompleted(boolean completed, Duration age, int findingsLeft) {}
}
