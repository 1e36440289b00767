package dev.doorbell.relay;

/**
 * What the relay relies on in a source's database, as it is found on every connect.
 *
 * @param migrated whether the tables are there
 * @param sequenceCache null when {@code outbox.seq} has no sequence
 * @param doorbell the definition of the trigger that wakes the relay, null when there is none or it is disabled
 */
record SourceSchema(boolean migrated, Long sequenceCache, String doorbell) {
    private static final String MIGRATE = "; run java -jar relay-verticle.jar migrate";

    /** @return why the source must not be relayed as it is, null when it may */
    String refusal(SourceConfig source) {
        if (!migrated) {
            return "the schema lacks the outbox tables" + MIGRATE;
        }
        if (sequenceCache == null) {
            return "outbox.seq is no identity column";
        }
        if (sequenceCache != 1) {
            return "the sequence of outbox.seq has CACHE " + sequenceCache
                    + ", which commits values out of order for ever; ALTER TABLE outbox ALTER COLUMN seq SET CACHE 1";
        }
        if (source.trigger() && !probes()) {
            return "outbox has no enabled trigger outbox_ring with the probes of this version" + MIGRATE + ", or set "
                    + RelayConfig.triggerVariable(source.name()) + " to false to poll it without one";
        }
        return null;
    }

    /** Without them, or with other keys, writers would ring for every insert, or never. */
    private boolean probes() {
        return doorbell != null
                && doorbell.contains(LockSql.probe(LockSql.AWAKE))
                && doorbell.contains(LockSql.probe(LockSql.LEADER));
    }
}
