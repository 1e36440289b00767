package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Expectations.Poison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Every committed event is in Kafka at least once, and each time as it stands in the outbox, to the byte. */
final class EveryEventPublished implements Invariant {
    @Override
    public String name() {
        return "every-event-published";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        Set<UUID> unpublishable = history.expectations().poison().stream()
                .filter(poison -> poison.consumer().equals(Poison.RELAY))
                .map(Poison::eventId)
                .collect(Collectors.toSet());
        Set<UUID> seen = new HashSet<>();
        history.outboxRows().forEach(row -> {
            List<TopicRecord> records = history.records(row.eventId());
            if (!seen.add(row.eventId())) {
                found.add(row + " shares its id with another");
            }
            if (records.isEmpty() != unpublishable.contains(row.eventId())) {
                found.add(row + (records.isEmpty() ? " was never published" : " was published, though it cannot be"));
            }
            records.stream()
                    .filter(record -> !isOf(record, row))
                    .forEach(record -> found.add(record + " differs from " + row));
        });
        return found;
    }

    private static boolean isOf(TopicRecord record, OutboxRow row) {
        return row.topic().equals(record.topic())
                && Rows.utf8(row.aggregateId()).equals(record.key())
                && row.type().equals(record.type())
                && row.seq() == record.sequence()
                && row.payload().equals(record.payload());
    }
}
