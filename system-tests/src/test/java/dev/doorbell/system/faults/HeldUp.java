package dev.doorbell.system.faults;

import dev.doorbell.system.faults.history.Outcome;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * From a fault until nothing that it held up is held up any more: the later of the first 202 to a call sent after it, and
 * the last end of a registration that took longer than a second, among those accepted from two seconds before it on.
 * Server and caller have one clock here.
 */
final class HeldUp {
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String SLOW = "coalesce(settled_at, now()) - created_at > interval '1 second'";
    private static final String LAST_SLOW =
            "SELECT coalesce(extract(epoch FROM max(settled_at)), 0) FROM customer WHERE created_at >= ?::timestamptz AND "
                    + SLOW;
    private static final String CALM_NOW = """
            SELECT count(*) FILTER (WHERE settled_at IS NULL AND %s) = 0
               AND count(*) FILTER (WHERE created_at > now() - interval '3 seconds') > 0
               AND count(*) FILTER (WHERE created_at > now() - interval '3 seconds' AND %s) = 0
            FROM customer
            """.formatted(SLOW, SLOW);

    private final World world;
    private final Instant fault;
    private Instant from;

    private HeldUp(World world, Instant fault) {
        this.world = world;
        this.fault = fault;
        this.from = fault;
    }

    /** The fault is about to come. */
    static HeldUp since(World world) {
        return new HeldUp(world, Instant.now());
    }

    /** The fault is over: what it has cost up to now is its own length. */
    HeldUp countFromNow() {
        from = Instant.now();
        return this;
    }

    /** Waits until all services are ready and every registration of the last seconds has gone through in one. */
    static void awaitSteady(World world) {
        Database customers = world.database("customers");
        Waiting.until("registrations go through at once")
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .during(CALM)
                .until(() -> world.wanted().stream()
                                .allMatch(member -> member.process().isReady())
                        && customers.text(CALM_NOW).equals("t"));
    }

    /** Waits until it is over, and says how long it took; zero when nothing was held up. */
    Duration await() {
        awaitSteady(world);
        Database customers = world.database("customers");
        double seconds =
                Double.parseDouble(customers.text(LAST_SLOW, fault.minus(BEFORE).toString()));
        Instant lastSlow = Instant.ofEpochMilli((long) (seconds * 1_000));
        Optional<Instant> firstAccepted = world.calls().calls().stream()
                .filter(call -> call.outcome() == Outcome.OK && call.sentAt().isAfter(from))
                .map(call -> call.endedAt())
                .min(Instant::compareTo);
        Instant end =
                firstAccepted.filter(accepted -> accepted.isAfter(lastSlow)).orElse(lastSlow);
        Duration took = Duration.between(from, end);
        return took.isNegative() ? Duration.ZERO : took;
    }
}
