package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Every record in Kafka is of a committed event: none comes from a transaction that was rolled back. */
final class NothingFromNowhere implements Invariant {
    @Override
    public String name() {
        return "nothing-from-nowhere";
    }

    @Override
    public List<String> contradictions(History history) {
        Set<UUID> committed = history.outboxRows().map(OutboxRow::eventId).collect(Collectors.toSet());
        return history.evidence().records().stream()
                .filter(record -> !committed.contains(record.eventId()) && !history.isInjected(record))
                .map(TopicRecord::toString)
                .toList();
    }
}
