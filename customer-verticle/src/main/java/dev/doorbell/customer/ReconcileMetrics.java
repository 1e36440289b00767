package dev.doorbell.customer;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.usecase.ReconcileListener;
import dev.doorbell.service.Health.Check;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what comparisons of this instance find, and tells when all of them together last came to an end. */
final class ReconcileMetrics implements ReconcileListener {
    private static final Logger log = LoggerFactory.getLogger(ReconcileMetrics.class);
    /** Of a run; the counters tell of the rest, and the command lists all. */
    private static final int LOGGED_MAX = 20;

    private static final int INTERVALS_MISSED_MAX = 3;

    private final MeterRegistry registry;
    private final Set<DriftKind> expected;
    private int logged;
    private boolean completed;
    private Duration age = Duration.ZERO;
    private int findingsLeft;

    /** @param expected counted, but not logged: they are there in every run and would hide the others */
    ReconcileMetrics(MeterRegistry registry, Set<DriftKind> expected) {
        this.registry = registry;
        this.expected = expected;
        TimeGauge.builder(
                        "doorbell.reconcile.last.completed.age",
                        this,
                        TimeUnit.MILLISECONDS,
                        metrics -> metrics.completed ? metrics.age.toMillis() : Double.NaN)
                .description("time since a comparison of customers and users was completed; NaN while none was")
                .register(registry);
    }

    @Override
    public void found(DriftKind kind, UUID customerId, String userId) {
        Counter.builder("doorbell.reconcile.findings")
                .description("disagreements of customers and users that comparisons have found, once in each")
                .tag("kind", kind.label())
                .register(registry)
                .increment();
        if (!expected.contains(kind) && logged++ < LOGGED_MAX) {
            log.warn(
                    "Comparison with the identity provider: {}, customer {}, user {}",
                    kind.label(),
                    customerId,
                    userId);
        }
    }

    @Override
    public void repaired(DriftKind kind, UUID customerId, String userId) {
        Counter.builder("doorbell.reconcile.repairs")
                .description("disagreements of customers and users whose repair was begun or done")
                .tag("kind", kind.label())
                .register(registry)
                .increment();
    }

    @Override
    public void ended(End end) {
        Counter.builder("doorbell.reconcile.runs")
                .description("comparisons of customers and users, or parts of one, by how they ended")
                .tag("end", end.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        if (logged > LOGGED_MAX) {
            log.warn("Comparison with the identity provider: {} more, see the metrics", logged - LOGGED_MAX);
        }
        logged = 0;
    }

    @Override
    public void lastCompleted(boolean theCompleted, Duration theAge, int theFindingsLeft) {
        completed = theCompleted;
        age = theAge;
        findingsLeft = theFindingsLeft;
    }

    /** @param interval of the schedule */
    Check check(Optional<Duration> interval) {
        if (completed && findingsLeft > 0) {
            return Check.degraded(findingsLeft + " findings of the last comparison are not repaired");
        }
        if (interval.isPresent() && age.compareTo(interval.get().multipliedBy(INTERVALS_MISSED_MAX)) > 0) {
            return Check.degraded("no comparison was completed for " + age.toSeconds() + " s");
        }
        return Check.UP;
    }
}
