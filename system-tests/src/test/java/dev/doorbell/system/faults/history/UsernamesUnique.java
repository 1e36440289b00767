package dev.doorbell.system.faults.history;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * At every moment a username is unique among those that have not failed: whoever gets one that was taken before came
 * after the failure of the one before. What came after what is told by the numbers of their events in the outbox, each
 * drawn once the row was written: a time is that of the begin of its transaction, which may then wait for the other one.
 * A failed one has given its name back, and only that.
 */
final class UsernamesUnique implements Invariant {
    private static final String FAILED = "REGISTRATION_FAILED";

    @Override
    public String name() {
        return "usernames-unique";
    }

    /** @param failed empty for one that has not */
    private record Claim(CustomerRow row, long began, OptionalLong failed) {}

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Map<String, List<OutboxRow>> events =
                history.eventsByAggregate(history.evidence().customers());
        List<Claim> claims = history.evidence().customerRows().stream()
                .map(row -> claim(row, events.getOrDefault(row.id().toString(), List.of())))
                .sorted(Comparator.comparingLong(Claim::began))
                .toList();
        History.by(claims, claim -> claim.row().username()).values().forEach(ofOneName -> {
            for (int i = 1; i < ofOneName.size(); i++) {
                Claim earlier = ofOneName.get(i - 1);
                Claim later = ofOneName.get(i);
                if (earlier.failed().isEmpty() || earlier.failed().getAsLong() > later.began()) {
                    found.add(later.row() + " has the name of " + earlier.row() + ", which had not failed yet");
                }
            }
        });
        for (CustomerRow row : history.evidence().customerRows()) {
            if (row.status().equals(FAILED) != (row.usernameReleasedAt() != null)) {
                found.add(row + (row.status().equals(FAILED) ? " keeps its name" : " has given its name away"));
            }
        }
        return found;
    }

    private static Claim claim(CustomerRow row, List<OutboxRow> events) {
        OptionalLong failed =
                row.status().equals(FAILED) ? number(events, EventTypes.CUSTOMER_NOT_REGISTERED) : OptionalLong.empty();
        return new Claim(
                row, number(events, EventTypes.CUSTOMER_PENDING_REGISTRATION).orElse(Long.MAX_VALUE), failed);
    }

    private static OptionalLong number(List<OutboxRow> events, String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .mapToLong(OutboxRow::seq)
                .min();
    }
}
