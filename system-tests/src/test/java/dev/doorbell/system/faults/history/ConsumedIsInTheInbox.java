package dev.doorbell.system.faults.history;

import static dev.doorbell.messages.EventTypes.CUSTOMER_NOT_REGISTERED;
import static dev.doorbell.messages.EventTypes.CUSTOMER_PENDING_REGISTRATION;
import static dev.doorbell.messages.EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK;
import static dev.doorbell.messages.EventTypes.PAYMENT_AUTHORIZED;
import static dev.doorbell.messages.EventTypes.PAYMENT_NOT_AUTHORIZED;

import dev.doorbell.system.faults.history.Evidence.InboxRow;
import dev.doorbell.system.faults.history.Evidence.Side;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Expectations.Poison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The inbox holds the id of every event that its consumer handles, once, and no other. That none ran twice shows in what
 * running makes: each way through the state tables and each version file is there once.
 */
final class ConsumedIsInTheInbox implements Invariant {
    /** What each group handles; a test compares it with the saga. */
    static final Map<String, Set<String>> HANDLED = Map.of(
            Rest.CUSTOMER_GROUP, Set.of(PAYMENT_AUTHORIZED, PAYMENT_NOT_AUTHORIZED),
            Rest.PAYMENT_GROUP,
                    Set.of(CUSTOMER_PENDING_REGISTRATION, CUSTOMER_NOT_REGISTERED, CUSTOMER_REGISTRATION_DEAD_LOCK));

    /** The same for a customer service that has users made. */
    static final Map<String, Set<String>> HANDLED_WITH_USERS = Map.of(
            Rest.CUSTOMER_GROUP,
            Set.of(PAYMENT_AUTHORIZED, PAYMENT_NOT_AUTHORIZED, CUSTOMER_PENDING_REGISTRATION),
            Rest.PAYMENT_GROUP,
            HANDLED.get(Rest.PAYMENT_GROUP));

    static Set<String> handledBy(String consumer, boolean users) {
        return (users ? HANDLED_WITH_USERS : HANDLED).get(consumer);
    }

    @Override
    public String name() {
        return "consumed-is-in-the-inbox";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        for (Side side : history.sides()) {
            Set<UUID> missing = new HashSet<>(handled(history, side.consumer()));
            for (InboxRow row : side.inbox()) {
                if (!row.consumer().equals(side.consumer()) || !missing.remove(row.eventId())) {
                    found.add(row + " is of no event that " + side.consumer() + " handles, or is there twice");
                }
            }
            missing.forEach(id -> found.add(side.consumer() + " has no inbox row for " + history.records(id)));
        }
        return found;
    }

    private static Set<UUID> handled(History history, String consumer) {
        Set<UUID> notRun = history.expectations().poison().stream()
                .filter(poison -> poison.reason().equals("BEYOND_DEDUPE_HORIZON"))
                .map(Poison::eventId)
                .collect(Collectors.toSet());
        boolean users = history.expectations().identities().isPresent();
        Set<String> topics = Rest.topicsOfGroup(users).get(consumer);
        Set<String> types = handledBy(consumer, users);
        return history.evidence().records().stream()
                .filter(record -> topics.contains(record.topic())
                        && record.type() != null
                        && types.contains(record.type())
                        && record.eventId() != null
                        && !notRun.contains(record.eventId()))
                .map(TopicRecord::eventId)
                .collect(Collectors.toSet());
    }
}
