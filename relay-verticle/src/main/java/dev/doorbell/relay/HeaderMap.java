package dev.doorbell.relay;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads {@code type:header:eventType,id:header:eventId}, in the form of Debezium's
 * {@code table.fields.additional.placement}. Its placement {@code envelope} wraps the payload into a structure that only
 * a schema-aware converter can write, and {@code partition} would part the events of a key: neither is served.
 */
final class HeaderMap {
    private static final int HEADERS_MAX = 50;
    private static final String NAME = "[A-Za-z0-9_.-]{1,200}";

    private HeaderMap() {}

    /** @return the column by its header, in the order given */
    static Map<String, String> parse(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (text.isBlank()) {
            return headers;
        }
        String[] entries = text.split(",", -1);
        if (entries.length > HEADERS_MAX) {
            throw new IllegalArgumentException("has more than " + HEADERS_MAX + " entries");
        }
        for (String entry : entries) {
            String[] parts = entry.strip().split(":", -1);
            if (parts.length < 2 || parts.length > 3 || !OutboxTable.identifier(parts[0])) {
                throw new IllegalArgumentException("has an entry that is not column:header or column:header:name");
            }
            placement(parts[1]);
            String name = parts.length == 3 ? parts[2] : parts[0];
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException("has a header that is not 1 to 200 letters, digits, '_', '.', '-'");
            }
            if (headers.put(name, parts[0]) != null) {
                throw new IllegalArgumentException("sets the header " + name + " twice");
            }
        }
        return headers;
    }

    private static void placement(String placement) {
        switch (placement.toLowerCase(Locale.ROOT)) {
            case "header" -> {}
            case "envelope" ->
                throw new IllegalArgumentException("places a column in the envelope, which the relay does not write: "
                        + "the value is the payload alone; place it in a header");
            case "partition" ->
                throw new IllegalArgumentException("places a column in the partition: the relay chooses the partition "
                        + "by the key alone, or the events of a key would lose their order");
            default -> throw new IllegalArgumentException("has a placement that is not header");
        }
    }
}
