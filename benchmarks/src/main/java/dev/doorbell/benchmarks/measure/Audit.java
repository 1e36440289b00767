package dev.doorbell.benchmarks.measure;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Reads what one run has published: how late each event is, what is missing, what came twice, what came out of order.
 *
 * <p>Records of one partition must be given in the order of their offsets. The time of an event's append is Kafka's
 * LogAppendTime: it costs the measured system nothing, because the log is read when all is over, and it holds no time of
 * a consumer. It is cut to whole milliseconds, so half a millisecond is added: a single latency is exact to ±0.5 ms, and
 * percentiles of many, whose sending is spread over the millisecond, are closer than that.
 */
public final class Audit {
    private static final long HALF_MS_MICROS = 500;
    /** An hour. */
    private static final long LATENCY_MICROS_MAX = 3_600_000_000L;

    private final long first;
    private final long count;
    private final BitSet seen;
    private final Map<String, Long> lastOfKey = new HashMap<>();
    private final Histogram latencies = new Histogram(LATENCY_MICROS_MAX, 3);
    private long duplicates;
    private long strangers;
    private long orderViolations;
    private long firstAppendMs = Long.MAX_VALUE;
    private long lastAppendMs = Long.MIN_VALUE;

    /** Expects the events with the numbers from {@code first} on, {@code count} of them. */
    public Audit(long first, long count) {
        this.first = first;
        this.count = count;
        this.seen = new BitSet(Math.toIntExact(count));
    }

    /** @param appendedAtMs the record's LogAppendTime, milliseconds since 1970 */
    public void add(String key, byte[] value, long appendedAtMs) {
        Payload payload = Payload.parse(value);
        long index = payload.number() - first;
        if (index < 0 || index >= count) {
            // Of the warm-up, published again.
            strangers++;
            return;
        }
        if (seen.get((int) index)) {
            duplicates++;
            return;
        }
        seen.set((int) index);
        // Only first occurrences: that is what is promised.
        Long last = lastOfKey.put(key, payload.number());
        if (last != null && last > payload.number()) {
            orderViolations++;
            lastOfKey.put(key, last);
        }
        firstAppendMs = Math.min(firstAppendMs, appendedAtMs);
        lastAppendMs = Math.max(lastAppendMs, appendedAtMs);
        if (payload.sentMicros() > 0) {
            long micros = appendedAtMs * 1_000 + HALF_MS_MICROS - payload.sentMicros();
            latencies.recordValue(Math.min(Math.max(micros, 0), LATENCY_MICROS_MAX));
        }
    }

    public long lost() {
        return count - seen.cardinality();
    }

    public long duplicates() {
        return duplicates + strangers;
    }

    public long orderViolations() {
        return orderViolations;
    }

    /** Milliseconds since 1970; {@link Long#MAX_VALUE} when nothing came. */
    public long firstAppendMs() {
        return firstAppendMs;
    }

    /** Milliseconds since 1970; {@link Long#MIN_VALUE} when nothing came. */
    public long lastAppendMs() {
        return lastAppendMs;
    }

    /** In microseconds, from the sending of the INSERT to the append. */
    public Histogram latencies() {
        return latencies;
    }
}
