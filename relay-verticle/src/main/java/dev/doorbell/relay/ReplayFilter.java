package dev.doorbell.relay;

import dev.doorbell.service.ConfigException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which retained events are published again.
 *
 * @param fromSeq the first seq that is looked at
 * @param since by {@code created_at}, which is when the event's transaction began; null for any
 * @param eventType null for any
 * @param aggregateId null for any
 */
record ReplayFilter(long fromSeq, Instant since, String eventType, String aggregateId) {
    static final String USAGE = "replay --source NAME --from SEQ|TIME [--type T] [--aggregate ID] [--dry-run]";
    private static final String DRY_RUN = "--dry-run";
    private static final List<String> OPTIONS = List.of("--source", "--from", "--type", "--aggregate");

    /** The command's options as they were given. */
    record Request(String source, ReplayFilter filter, boolean dryRun) {}

    /** @throws ConfigException for what cannot be understood, with the usage or the option's name */
    static Request parse(List<String> arguments) {
        Map<String, String> values = new TreeMap<>();
        boolean dryRun = false;
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals(DRY_RUN) && !dryRun) {
                dryRun = true;
            } else if (OPTIONS.contains(option) && i + 1 < arguments.size()) {
                i++;
                if (values.put(option, arguments.get(i)) != null) {
                    throw new ConfigException(option + " is there twice");
                }
            } else {
                throw new ConfigException("usage: " + USAGE);
            }
        }
        if (!values.containsKey("--source") || !values.containsKey("--from")) {
            throw new ConfigException("usage: " + USAGE);
        }
        String from = values.get("--from");
        boolean seq = from.matches("[0-9]{1,18}");
        return new Request(
                values.get("--source"),
                new ReplayFilter(
                        seq ? Long.parseLong(from) : 0,
                        seq ? null : time(from),
                        values.get("--type"),
                        values.get("--aggregate")),
                dryRun);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new ConfigException("--from is neither a seq nor a time with its offset, like 2026-01-31T12:00:00Z");
        }
    }

    /** Whether every row from {@code fromSeq} on matches. */
    boolean all() {
        return since == null && eventType == null && aggregateId == null;
    }
}
