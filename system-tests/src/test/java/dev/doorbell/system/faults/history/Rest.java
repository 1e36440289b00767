package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.Settlement;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state in which evidence is read: nothing open, all published, all consumed, no registration pending, no user to be
 * made, enabled or removed.
 */
public final class Rest {
    public static final Duration LIMIT = Duration.ofSeconds(60);
    static final String CUSTOMER_GROUP = "customer-verticle";
    static final String PAYMENT_GROUP = "payment-verticle";
    private static final Map<String, Set<String>> TOPICS_OF_GROUP =
            Map.of(CUSTOMER_GROUP, Set.of(Topics.PAYMENT), PAYMENT_GROUP, Set.of(Topics.CUSTOMER));
    private static final Map<String, Set<String>> TOPICS_OF_GROUP_WITH_USERS =
            Map.of(CUSTOMER_GROUP, Set.of(Topics.PAYMENT, Topics.CUSTOMER), PAYMENT_GROUP, Set.of(Topics.CUSTOMER));

    private static final String PENDING = "SELECT count(*) FROM customer WHERE status = 'REGISTRATION_PENDING'";

    private static final String WORK_ON_USERS = "SELECT count(*) FROM identity WHERE due_at IS NOT NULL";

    private Rest() {}

    /** @param users whether the customers have users */
    static Map<String, Set<String>> topicsOfGroup(boolean users) {
        return users ? TOPICS_OF_GROUP_WITH_USERS : TOPICS_OF_GROUP;
    }

    /** @throws AssertionError after {@code limit}, with what was not at rest */
    public static void await(Settlement settlement, Database customers, Database payments, Duration limit) {
        await(settlement, customers, payments, false, limit);
    }

    /**
     * @param users whether the customers have users
     * @throws AssertionError after {@code limit}, with what was not at rest
     */
    public static void await(
            Settlement settlement, Database customers, Database payments, boolean users, Duration limit) {
        Waiting.forNone("the system is at rest", limit, () -> unrest(settlement, customers, payments, users));
    }

    private static List<String> unrest(Settlement settlement, Database customers, Database payments, boolean users) {
        List<String> unrest = new ArrayList<>(settlement.unrest(topicsOfGroup(users), List.of(customers, payments)));
        say(unrest, customers.number(PENDING), "registrations are pending");
        say(unrest, customers.number(WORK_ON_USERS), "users are to be made, enabled or removed");
        return unrest;
    }

    private static void say(List<String> unrest, long count, String what) {
        if (count > 0) {
            unrest.add(count + " " + what);
        }
    }
}
