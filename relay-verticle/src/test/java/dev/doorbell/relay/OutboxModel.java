package dev.doorbell.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A database in memory, as far as order and gaps go: transactions take the table's lock, then draw values of the
 * sequence, then commit, roll back or are prepared. A writer holds its aggregate until it ends.
 */
final class OutboxModel {
    static final class Writer {
        String name;
        final int aggregate;
        final List<Long> drawn = new ArrayList<>();

        Writer(String name, int aggregate) {
            this.name = name;
            this.aggregate = aggregate;
        }

        boolean isPrepared() {
            return name.startsWith("-1/");
        }
    }

    private final Random random;
    private final int aggregates;
    /** Committed rows: seq to aggregate. */
    final TreeMap<Long, Integer> rows = new TreeMap<>();

    final List<Writer> writers = new ArrayList<>();
    private final Map<Integer, Integer> transactionsByBackend = new HashMap<>();
    private long lastSeq;
    private int lastXid;

    OutboxModel(Random random, int aggregates) {
        this.random = random;
        this.aggregates = aggregates;
    }

    void someWriterActs() {
        int action = random.nextInt(10);
        if (action < 3 || writers.isEmpty()) {
            begin();
            return;
        }
        Writer writer = writers.get(random.nextInt(writers.size()));
        if (action < 6 && !writer.isPrepared()) {
            writer.drawn.add(++lastSeq);
        } else if (action == 6 && !writer.isPrepared()) {
            writer.name = "-1/" + ++lastXid;
        } else if (action > 6) {
            end(writer, random.nextInt(4) > 0);
        }
    }

    private void begin() {
        Set<Integer> busy = writers.stream().map(writer -> writer.aggregate).collect(Collectors.toSet());
        int aggregate = random.nextInt(aggregates);
        if (!busy.contains(aggregate)) {
            int backend = random.nextInt(1_000);
            int transaction = transactionsByBackend.merge(backend, 1, Integer::sum);
            writers.add(new Writer(backend + "/" + transaction, aggregate));
        }
    }

    void endAll() {
        List.copyOf(writers).forEach(writer -> end(writer, random.nextBoolean()));
    }

    private void end(Writer writer, boolean commit) {
        writers.remove(writer);
        if (commit) {
            writer.drawn.forEach(seq -> rows.put(seq, writer.aggregate));
        }
    }

    Set<String> holders() {
        return writers.stream().map(writer -> writer.name).collect(Collectors.toCollection(HashSet::new));
    }

    /** What the relay's statement returns: the rows above the mark and in the gaps, merged, the first {@code limit}. */
    List<Long> read(long above, List<SeqRange> gaps, int limit) {
        Set<Long> found = new java.util.TreeSet<>(rows.tailMap(above, false).keySet());
        gaps.forEach(gap ->
                found.addAll(rows.subMap(gap.start(), true, gap.end(), true).keySet()));
        return found.stream().limit(limit).toList();
    }
}
