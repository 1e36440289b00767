package dev.doorbell.customer.api;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ETag and If-Match of RFC 9110, sections 8.8.3 and 13.1.1: a customer's entity tag is its version. */
final class EntityTags {
    private static final int TAGS_MAX = 20;
    private static final Pattern TAG = Pattern.compile("\\G\\s*(W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*)\"\\s*(,|$)");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private EntityTags() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The versions that an If-Match accepts; empty for {@code *}, any. A weak tag never matches, nor does one that is none
     * of ours.
     *
     * @throws IllegalArgumentException when it is no If-Match
     */
    static Optional<Set<Long>> accepted(String ifMatch) {
        if (ifMatch.strip().equals("*")) {
            return Optional.empty();
        }
        Set<Long> versions = new LinkedHashSet<>();
        Matcher tags = TAG.matcher(ifMatch);
        int end = 0;
        for (int i = 0; i < TAGS_MAX && tags.find(); i++) {
            end = tags.end();
            if (tags.group(1) == null && VERSION.matcher(tags.group(2)).matches()) {
                versions.add(Long.parseLong(tags.group(2)));
            }
            if (tags.group(3).isEmpty()) {
                break;
            }
        }
        if (end != ifMatch.length() || ifMatch.strip().endsWith(",") || ifMatch.isBlank()) {
            throw new IllegalArgumentException("is neither * nor a list of at most 20 entity tags");
        }
        return Optional.of(versions);
    }
}
