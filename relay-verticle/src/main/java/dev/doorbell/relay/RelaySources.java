package dev.doorbell.relay;

import dev.doorbell.service.DatabaseUrl;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code customers=postgresql://…,payments=postgresql://…}; no message repeats a URL, which holds a password. */
final class RelaySources {
    static final int SOURCES_MAX = 200;
    private static final String NAME = "[a-z0-9-]{1,40}";

    private RelaySources() {}

    static Map<String, DatabaseUrl> parse(String text) {
        Map<String, DatabaseUrl> sources = new LinkedHashMap<>();
        String[] entries = text.split(",", -1);
        if (entries.length > SOURCES_MAX) {
            throw new IllegalArgumentException("has more than " + SOURCES_MAX + " entries");
        }
        for (int i = 0; i < entries.length; i++) {
            String entry = entries[i].strip();
            int equals = entry.indexOf('=');
            String name = equals < 0 ? "" : entry.substring(0, equals).strip();
            // What stands before the = may be a piece of a password with an unencoded comma: it is not repeated.
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException("entry " + (i + 1) + " is not name=postgresql://…, the name being 1 "
                        + "to 40 of a-z, 0-9 and - (a comma within a URL is %2C)");
            }
            try {
                if (sources.put(
                                name,
                                DatabaseUrl.parse(entry.substring(equals + 1).strip()))
                        != null) {
                    throw new IllegalArgumentException("is there twice");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("entry " + (i + 1) + " (" + name + ") " + e.getMessage());
            }
        }
        return sources;
    }
}
