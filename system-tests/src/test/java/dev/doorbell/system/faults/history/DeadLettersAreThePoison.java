package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.DeadLetterRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.ParkedKey;
import dev.doorbell.system.faults.history.Expectations.Poison;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Dead letters, parked keys and announcements are those of the injected poison, each once and no other. Together with
 * {@link TerminalInTime} this says that healthy keys go on.
 */
final class DeadLettersAreThePoison implements Invariant {
    private static final Set<String> PARKING = Set.of("POISON", "UNDECODABLE", "UNPUBLISHABLE");

    private record Announcement(String topic, String key) {}

    @Override
    public String name() {
        return "dead-letters-are-the-poison";
    }

    @Override
    public List<String> contradictions(History history) {
        List<Poison> poison = history.expectations().poison();
        List<Object> expected = new ArrayList<>(
                poison.stream().flatMap(DeadLettersAreThePoison::marksOf).toList());
        List<String> found = new ArrayList<>();
        history.sides().stream()
                .flatMap(side -> Stream.of(
                                side.deadLetters().stream(),
                                side.parkedKeys().stream(),
                                side.outbox().stream()
                                        .filter(row -> row.type().equals(History.DEAD_LETTER_EVENT))
                                        .map(DeadLettersAreThePoison::announcement))
                        .flatMap(rows -> rows))
                .filter(row -> !expected.remove(row))
                .forEach(row -> found.add(row + " is there without poison"));
        expected.forEach(missing -> found.add(missing + " is missing"));
        return found;
    }

    /** What one poison leaves behind. */
    private static Stream<Object> marksOf(Poison poison) {
        String key = Rows.utf8(poison.key());
        Stream.Builder<Object> marks = Stream.builder();
        marks.add(new DeadLetterRow(poison.consumer(), poison.topic(), poison.eventId(), key, poison.reason()));
        if (key != null && PARKING.contains(poison.reason())) {
            marks.add(new ParkedKey(poison.consumer(), poison.topic(), key));
        }
        if (!poison.consumer().equals(Poison.RELAY)) {
            marks.add(new Announcement(poison.topic() + ".DLT", key));
        }
        return marks.build();
    }

    private static Announcement announcement(OutboxRow row) {
        return new Announcement(row.topic(), Rows.utf8(row.aggregateId()));
    }
}
