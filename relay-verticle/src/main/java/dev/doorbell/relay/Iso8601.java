package dev.doorbell.relay;

import java.time.Instant;

/**
 * Moments in UTC as {@link Instant#toString} writes them, several times as fast where many are of one second: formatting
 * them was a sixth of what a drain cost the event loop. Not thread-safe.
 */
final class Iso8601 {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int MILLI_DIGITS = 3;
    private static final int MICRO_DIGITS = 6;
    private static final int NANO_DIGITS = 9;
    private static final int RADIX = 10;

    private long second = Long.MIN_VALUE;
    /** Up to the second, without the Z. */
    private String upToSecond;

    String format(long epochSecond, int nanos) {
        if (epochSecond != second || upToSecond == null) {
            String text = Instant.ofEpochSecond(epochSecond).toString();
            upToSecond = text.substring(0, text.length() - 1);
            second = epochSecond;
        }
        if (nanos == 0) {
            return upToSecond + "Z";
        }
        if (nanos % NANOS_PER_MILLI == 0) {
            return withFraction(nanos / NANOS_PER_MILLI, MILLI_DIGITS);
        }
        return nanos % NANOS_PER_MICRO == 0
                ? withFraction(nanos / NANOS_PER_MICRO, MICRO_DIGITS)
                : withFraction(nanos, NANO_DIGITS);
    }

    private String withFraction(int fraction, int digits) {
        char[] text = new char[digits];
        int rest = fraction;
        for (int i = digits - 1; i >= 0; i--) {
            text[i] = (char) ('0' + rest % RADIX);
            rest /= RADIX;
        }
        return new StringBuilder(upToSecond.length() + digits + 2)
                .append(upToSecond)
                .append('.')
                .append(text)
                .append('Z')
                .toString();
    }
}
