package dev.doorbell.relay;

/**
 * What the relay relies on in a source's database, as it is found on every connect.
 *
 * @param migrated whether the tables are there
 * @param sequenceCache null when the order's column has no sequence
 * @param doorbell the definition of the trigger that wakes the relay, null when there is none or it is disabled
 * @param columns of a table that is not ours; null for ours
 */
record SourceSchema(boolean migrated, Long sequenceCache, String doorbell, OutboxTable table, TableColumns columns) {

    /** @return why the source must not be relayed as it is, null when it may */
    String refusal(SourceConfig source) {
        String unreadable = unreadable();
        if (unreadable != null) {
            return unreadable;
        }
        String sequenceRefusal = sequenceRefusal();
        if (sequenceRefusal != null) {
            return sequenceRefusal;
        }
        if (source.trigger() && !probes()) {
            return table.name() + " has no enabled trigger outbox_ring with the probes of this version" + remedy()
                    + ", or set " + SourceSettings.triggerVariable(source.name()) + " to false to poll it without one";
        }
        return null;
    }

    /** @return why the order of publication would not be that of the commits, null when it is */
    String sequenceRefusal() {
        String seq = table.name() + "." + table.column(OutboxTable.SEQ);
        if (sequenceCache == null) {
            return seq + " is no identity column";
        }
        if (sequenceCache != 1) {
            return "the sequence of " + seq + " has CACHE " + sequenceCache
                    + ", which commits values out of order for ever; ALTER TABLE "
                    + (table.ours() ? table.name() : table.quoted())
                    + " ALTER COLUMN " + table.column(OutboxTable.SEQ) + " SET CACHE 1";
        }
        return null;
    }

    /** @return why not even its rows can be read, null when they can */
    String unreadable() {
        String refusal = columns == null ? null : columns.refusal(table);
        if (refusal == null && columns != null) {
            refusal = columns.notInstalled(table);
            refusal = refusal == null ? null : refusal + remedy();
        }
        if (refusal == null && !migrated) {
            refusal = "the schema lacks the outbox tables" + remedy();
        }
        return refusal;
    }

    private String remedy() {
        return "; run java -jar relay-verticle.jar " + (table.ours() ? "migrate" : "install --source NAME");
    }

    /** Without them, or with other keys, writers would ring for every insert, or never. */
    private boolean probes() {
        int key = LockSql.key(table.text());
        return doorbell != null
                && doorbell.contains(LockSql.probe(LockSql.AWAKE, key))
                && doorbell.contains(LockSql.probe(LockSql.LEADER, key));
    }
}
