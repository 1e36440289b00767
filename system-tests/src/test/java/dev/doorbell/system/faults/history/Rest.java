package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Topics;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.Settlement;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The state in which evidence is read: nothing open, all published, all consumed, no registration pending. */
public final class Rest {
    public static final Duration LIMIT = Duration.ofSeconds(60);
    static final String CUSTOMER_GROUP = "customer-verticle";
    static final String PAYMENT_GROUP = "payment-verticle";
    static final Map<String, String> TOPIC_OF_GROUP =
            Map.of(CUSTOMER_GROUP, Topics.PAYMENT, PAYMENT_GROUP, Topics.CUSTOMER);

    private static final String PENDING = "SELECT count(*) FROM customer WHERE status = 'REGISTRATION_PENDING'";

    private Rest() {}

    /** @throws AssertionError after {@code limit}, with what was not at rest */
    public static void await(Settlement settlement, Database customers, Database payments, Duration limit) {
        Waiting.forNone("the system is at rest", limit, () -> unrest(settlement, customers, payments));
    }

    static List<String> unrest(Settlement settlement, Database customers, Database payments) {
        List<String> unrest = new ArrayList<>(settlement.unrest(TOPIC_OF_GROUP, List.of(customers, payments)));
        long pending = customers.number(PENDING);
        if (pending > 0) {
            unrest.add(pending + " registrations are pending");
        }
        return unrest;
    }
}
