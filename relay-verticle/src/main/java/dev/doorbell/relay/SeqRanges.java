package dev.doorbell.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of sequence values as disjoint, non-adjacent ranges in ascending order. Not thread-safe. */
final class SeqRanges {
    private final TreeMap<Long, Long> endByStart = new TreeMap<>();

    SeqRanges() {}

    static SeqRanges of(List<SeqRange> ranges) {
        SeqRanges set = new SeqRanges();
        ranges.forEach(set::add);
        return set;
    }

    SeqRanges(SeqRanges other) {
        endByStart.putAll(other.endByStart);
    }

    void add(SeqRange range) {
        long start = range.start();
        long end = range.end();
        Map.Entry<Long, Long> before = endByStart.floorEntry(start);
        if (before != null && before.getValue() >= start - 1) {
            start = before.getKey();
            end = Math.max(end, before.getValue());
        }
        // All that the new range touches or overlaps becomes part of it.
        Map.Entry<Long, Long> next = endByStart.ceilingEntry(start);
        while (next != null && next.getKey() <= end + 1) {
            end = Math.max(end, next.getValue());
            endByStart.remove(next.getKey());
            next = endByStart.ceilingEntry(start);
        }
        endByStart.put(start, end);
    }

    /** @return false when {@code seq} was not in the set */
    boolean remove(long seq) {
        Map.Entry<Long, Long> range = endByStart.floorEntry(seq);
        if (range == null || range.getValue() < seq) {
            return false;
        }
        endByStart.remove(range.getKey());
        if (range.getKey() < seq) {
            endByStart.put(range.getKey(), seq - 1);
        }
        if (seq < range.getValue()) {
            endByStart.put(seq + 1, range.getValue());
        }
        return true;
    }

    boolean contains(long seq) {
        Map.Entry<Long, Long> range = endByStart.floorEntry(seq);
        return range != null && range.getValue() >= seq;
    }

    /** Takes all values up to {@code through} out of the set and returns them. */
    List<SeqRange> removeThrough(long through) {
        List<SeqRange> removed = new ArrayList<>();
        while (!endByStart.isEmpty() && endByStart.firstKey() <= through) {
            Map.Entry<Long, Long> first = endByStart.pollFirstEntry();
            if (first.getValue() > through) {
                endByStart.put(through + 1, first.getValue());
            }
            removed.add(new SeqRange(first.getKey(), Math.min(first.getValue(), through)));
        }
        return removed;
    }

    /** The values up to {@code through}. */
    List<SeqRange> through(long through) {
        List<SeqRange> ranges = new ArrayList<>();
        for (Map.Entry<Long, Long> range : endByStart.headMap(through, true).entrySet()) {
            ranges.add(new SeqRange(range.getKey(), Math.min(range.getValue(), through)));
        }
        return ranges;
    }

    List<SeqRange> toList() {
        return through(Long.MAX_VALUE);
    }

    /** The number of ranges, not of values. */
    int size() {
        return endByStart.size();
    }

    boolean isEmpty() {
        return endByStart.isEmpty();
    }

    /** @return whether any value is above {@code seq} */
    boolean reachesAbove(long seq) {
        return !endByStart.isEmpty() && endByStart.lastEntry().getValue() > seq;
    }

    @Override
    public String toString() {
        return toList().toString();
    }
}
