package dev.doorbell.benchmarks.measure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What every event carries: its number, and when its INSERT was sent. Fixed width, so that reading it back costs nothing
 * worth measuring, and JSON, so that it is what an event mostly is.
 *
 * @param number unique within a run; ascending within an aggregate
 * @param sentMicros microseconds since 1970 by this machine's clock; 0 where no latency is measured
 */
public record Payload(long number, long sentMicros) {
    /** Of the whole payload; about what the events of the registration saga have. */
    public static final int BYTES = 250;

    private static final String HEAD = "{\"n\":\"";
    private static final String MIDDLE = "\",\"t\":\"";
    private static final String TAIL = "\",\"f\":\"";
    private static final int NUMBER_DIGITS = 12;
    private static final int MICROS_DIGITS = 16;
    private static final int NUMBER_AT = HEAD.length();
    private static final int MICROS_AT = NUMBER_AT + NUMBER_DIGITS + MIDDLE.length();
    /** What differs from event to event, so that compression finds neither nothing nor everything. */
    private static final List<String> SALTS = List.of("a", "b", "c");

    private static final int DIGEST_CHARACTERS = 32;
    private static final int FILLER =
            BYTES - MICROS_AT - MICROS_DIGITS - TAIL.length() - SALTS.size() * DIGEST_CHARACTERS - "\"}".length();
    private static final String END = "x".repeat(FILLER) + "\"}";

    /** An SQL expression of type bytea for the payload of event {@code number}, without a time. */
    public static String sql(String number) {
        String digests = SALTS.stream()
                .map(salt -> "md5('" + salt + "' || (" + number + "))")
                .collect(Collectors.joining(" || "));
        return "convert_to('" + HEAD + "' || lpad((" + number + ")::text, " + NUMBER_DIGITS + ", '0') || '" + MIDDLE
                + "0".repeat(MICROS_DIGITS) + TAIL + "' || " + digests + " || '" + END + "', 'UTF8')";
    }

    public byte[] bytes() {
        StringBuilder text = new StringBuilder(BYTES).append(HEAD);
        append(text, number, NUMBER_DIGITS);
        append(text.append(MIDDLE), sentMicros, MICROS_DIGITS);
        text.append(TAIL);
        SALTS.forEach(salt -> text.append(digest(salt + number)));
        return text.append(END).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private static void append(StringBuilder text, long value, int digits) {
        String decimal = Long.toString(value);
        text.append("0".repeat(digits - decimal.length())).append(decimal);
    }

    /** @throws IllegalArgumentException for anything that {@link #bytes} or {@link #sql} did not make */
    public static Payload parse(byte[] bytes) {
        if (bytes == null || bytes.length != BYTES) {
            throw new IllegalArgumentException("not a payload of a benchmark: "
                    + (bytes == null ? "nothing" : new String(bytes, StandardCharsets.UTF_8)));
        }
        return new Payload(decimal(bytes, NUMBER_AT, NUMBER_DIGITS), decimal(bytes, MICROS_AT, MICROS_DIGITS));
    }

    private static long decimal(byte[] bytes, int at, int digits) {
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("not a payload of a benchmark: no digit at " + i);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
