package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Per aggregate, first occurrences of one outbox arrive in the order of commits, which is that of {@code ce_sequence}. */
final class FirstOccurrencesInOrder implements Invariant {
    private record Key(String topic, String key) {}

    @Override
    public String name() {
        return "first-occurrences-in-order";
    }

    @Override
    public List<String> contradictions(History history) {
        List<String> found = new ArrayList<>();
        List<TopicRecord> ours = history.evidence().records().stream()
                .filter(record -> record.eventId() != null && !history.isInjected(record))
                .sorted(Comparator.comparingLong(TopicRecord::offset))
                .toList();
        History.by(ours, record -> new Key(record.topic(), record.key())).forEach((key, records) -> {
            if (records.stream().map(TopicRecord::partition).distinct().count() > 1) {
                found.add(key + " is in several partitions: " + records);
            }
            History.by(records, TopicRecord::source)
                    .values()
                    .forEach(ofOneOutbox -> addDisorder(firstOccurrences(ofOneOutbox), found));
        });
        return found;
    }

    private static void addDisorder(List<TopicRecord> first, List<String> found) {
        for (int i = 1; i < first.size(); i++) {
            if (first.get(i).sequence() <= first.get(i - 1).sequence()) {
                found.add(first.get(i) + " comes behind " + first.get(i - 1));
            }
        }
    }

    private static List<TopicRecord> firstOccurrences(List<TopicRecord> records) {
        Set<UUID> seen = new HashSet<>();
        return records.stream().filter(record -> seen.add(record.eventId())).toList();
    }
}
