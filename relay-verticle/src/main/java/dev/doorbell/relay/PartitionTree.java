package dev.doorbell.relay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * An outbox table and, if it is partitioned, its partitions on all levels, as they are now.
 *
 * <p>An INSERT fires the statement triggers of the table that it names and of no other: the parent's when it goes through
 * the parent, the partition's when it names that. So each of them needs the trigger, and none of them rings twice.
 *
 * @param tables quoted with their schema, the table itself first
 */
record PartitionTree(boolean partitioned, List<String> tables) {
    /** $1: the table, quoted. No row for one that is neither partitioned nor a partition. */
    private static final String SQL = """
            SELECT format('%I.%I', namespace.nspname, class.relname) AS name, tree.isleaf
            FROM pg_partition_tree(to_regclass($1)) AS tree
                 JOIN pg_class class ON class.oid = tree.relid
                 JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
            ORDER BY tree.level, class.relname
            """;

    static PartitionTree read(Connection connection, OutboxTable table) throws SQLException {
        List<String> tables = new ArrayList<>();
        boolean partitioned = false;
        try (PreparedStatement statement = connection.prepareStatement(SQL.replace("$1", "?"))) {
            statement.setString(1, table.quoted());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    partitioned |= !result.getBoolean("isleaf");
                    tables.add(result.getString("name"));
                }
            }
        }
        return new PartitionTree(partitioned, tables.isEmpty() ? List.of(table.quoted()) : tables);
    }
}
