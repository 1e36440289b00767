package dev.doorbell.relay;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes an outbox table that is there already one that can be relayed, as one transaction. Repeated, it changes
 * nothing.
 */
final class InstallSql {
    /** Everybody who writes waits while it waits: it rather fails, and is repeated. */
    static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'";

    /** As the migration V4__doorbell.sql has it, with this table's key. %1$s table, %2$d AWAKE, %3$d LEADER, %4$d key. */
    private static final String TRIGGER = """
            CREATE OR REPLACE TRIGGER outbox_ring AFTER INSERT ON %1$s FOR EACH STATEMENT
                WHEN (CASE
                    WHEN NOT pg_try_advisory_lock_shared(%2$d, %4$d) THEN false
                    WHEN NOT pg_advisory_unlock_shared(%2$d, %4$d) THEN true
                    WHEN pg_try_advisory_lock_shared(%3$d, %4$d)
                        THEN NOT pg_advisory_unlock_shared(%3$d, %4$d)
                    ELSE true
                END)
                EXECUTE FUNCTION %5$s.outbox_ring()""";

    /**
     * Behind the table's lock: whoever had drawn a seq has committed or rolled back, so that nothing below the last one
     * drawn can still turn up and be skipped.
     */
    private static final String CURSOR = """
            INSERT INTO %1$s.outbox_cursor (outbox, published_through)
            VALUES ('%2$s', %3$s)
            ON CONFLICT (outbox) DO NOTHING""";

    private InstallSql() {}

    /** @param publishExisting whether the rows that are there now are published, or count as published */
    static List<String> statements(
            SourceConfig source, TableColumns columns, PartitionTree tree, boolean publishExisting) {
        OutboxTable table = source.table();
        SourceSql sql = SourceSql.of(table);
        String seq = table.column(OutboxTable.SEQ);
        TableColumns.Column found = columns.byName().get(seq);
        List<String> statements = new ArrayList<>();
        statements.add(LOCK_TIMEOUT);
        if (found == null) {
            statements.add("ALTER TABLE " + table.quoted() + " ADD COLUMN " + OutboxTable.quote(seq)
                    + " bigint GENERATED ALWAYS AS IDENTITY (CACHE 1)");
        } else {
            statements.add("LOCK TABLE " + table.quoted() + " IN SHARE ROW EXCLUSIVE MODE");
        }
        if (found == null || !found.indexed()) {
            // On a partitioned table a unique one would have to hold the partition key as well.
            String index = tree.partitioned() ? "CREATE INDEX ON " : "CREATE UNIQUE INDEX ON ";
            statements.add(index + table.quoted() + " (" + OutboxTable.quote(seq) + ")");
        }
        if (source.trigger()) {
            tree.tables()
                    .forEach(name -> statements.add(
                            TRIGGER.formatted(name, LockSql.AWAKE, LockSql.LEADER, sql.lockKey, SourceSql.BOOKS)));
        }
        String drawn = "coalesce(pg_sequence_last_value(pg_get_serial_sequence('" + table.quoted() + "', '" + seq
                + "')::regclass), 0)";
        statements.add(CURSOR.formatted(SourceSql.BOOKS, sql.cursorName(), publishExisting ? "0" : drawn));
        return statements;
    }
}
