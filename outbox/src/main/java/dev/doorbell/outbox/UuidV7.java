package dev.doorbell.outbox;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix time in milliseconds, then random bits. Their order is
 * the order of time to the millisecond, which keeps index insertion at one end and lets the inbox be pruned by range.
 * Ids of one millisecond have no order. For any thread.
 */
public final class UuidV7 {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int VERSION = 7;

    private UuidV7() {}

    /** A new one of the clock's time. Unique by 74 random bits, not by a counter. */
    public static UUID create(Clock clock) {
        return atTime(clock.instant(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** A new one of the system's time. */
    public static UUID create() {
        return create(Clock.systemUTC());
    }

    /** The smallest UUID version 7 of that millisecond: everything below it is older. */
    public static UUID lowerBound(Instant instant) {
        return atTime(instant, 0, 0);
    }

    /** Whether it is of version 7, and of the variant that has versions. */
    public static boolean isV7(UUID id) {
        return id.version() == VERSION && id.variant() == 2;
    }

    /**
     * The time in it, to the millisecond.
     *
     * @throws IllegalArgumentException when {@code id} is not of version 7
     */
    public static Instant timeOf(UUID id) {
        if (!isV7(id)) {
            throw new IllegalArgumentException("not a UUID of version 7");
        }
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    private static UUID atTime(Instant instant, long randomHigh, long randomLow) {
        long high = instant.toEpochMilli() << 16 | (long) VERSION << 12 | randomHigh & 0xFFF;
        long low = 0x8000000000000000L | randomLow & 0x3FFFFFFFFFFFFFFFL;
        return new UUID(high, low);
    }
}
