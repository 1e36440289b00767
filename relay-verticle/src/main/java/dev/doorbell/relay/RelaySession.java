package dev.doorbell.relay;

import dev.doorbell.relay.OutboundEvent.ParkedKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The one PostgreSQL session of a source: it holds the lock, listens, and carries every statement of the leader, so that
 * leadership lives and dies with it. A plain connection, because the client's subscriber would reconnect behind our back
 * and hold the lock no longer. Statements are short and bounded on both sides.
 *
 * <p>Any failure of a statement is a reason to close the session and start again from the database's state.
 */
final class RelaySession implements WriterWatch {
    private static final long CONNECT_TIMEOUT_MS = 10_000;
    static final int PARKED_KEYS_MAX = 10_000;
    /** A few ms of PostgreSQL, so that what was looked through shows and a snapshot ends soon. */
    private static final long REPLAY_LOOKED_MAX = 20_000;

    static final int WAITING_COUNTED_MAX = 100_000;

    record LastSeq(long seq, boolean readable) {}

    /** @param waiting rows, at most {@link #WAITING_COUNTED_MAX} */
    record Backlog(long lastSeq, long waiting, double oldestSeconds) {}

    /**
     * What a read has found.
     *
     * @param cut whether limits may have left out rows behind the last one
     * @param bytes of payloads and headers
     */
    record Rows(List<OutboxRow> rows, boolean cut, long bytes) {}

    /**
     * What a replay has read.
     *
     * @param rows those that match
     * @param through what was looked at
     * @param end whether there is nothing above
     */
    record Replayable(List<OutboxRow> rows, long through, boolean end) {}

    /** @param through the seq up to which nothing is left that the step could have removed */
    record Removed(int rows, long through) {}

    private final PgConnection connection;
    private final SourceSql sql;
    /** Null for our own table. */
    private final TableColumns columns;

    private final long answerTimeoutMs;

    private RelaySession(PgConnection connection, OutboxTable table, TableColumns columns, int sessionTimeoutMs) {
        this.connection = connection;
        this.columns = columns;
        this.sql = new SourceSql(table, columns == null || columns.bytes(table.column("payload")));
        // The server gives up earlier; this one is for a server that does not answer at all.
        this.answerTimeoutMs = sessionTimeoutMs + sessionTimeoutMs / 2;
    }

    /** @param sessionTimeoutMs until PostgreSQL ends the session when this process is frozen or cannot be reached */
    static Future<RelaySession> open(Vertx vertx, SourceConfig source, String applicationName, int sessionTimeoutMs) {
        Future<PgConnection> connecting =
                PgConnection.connect(vertx, SessionOptions.of(source.database(), applicationName, sessionTimeoutMs));
        return connecting
                .timeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onFailure(error -> connecting.onSuccess(PgConnection::close))
                .compose(connection -> columns(connection, source.table())
                        .onFailure(error -> connection.close())
                        .map(columns -> new RelaySession(connection, source.table(), columns, sessionTimeoutMs)));
    }

    /** Of a table that is not ours: statements on it depend on its types. */
    private static Future<TableColumns> columns(PgConnection connection, OutboxTable table) {
        if (!table.mapped()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(TableColumns.SQL)
                .execute(Tuple.of(table.quoted()))
                .timeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .map(TableColumns::of);
    }

    SourceSql sql() {
        return sql;
    }

    /** @param onNotification called on the session's context, as {@code onClosed} is */
    RelaySession handlers(Runnable onNotification, Runnable onClosed) {
        connection.notificationHandler(notification -> onNotification.run());
        connection.closeHandler(closed -> onClosed.run());
        // Errors of the socket are followed by its close.
        connection.exceptionHandler(error -> {});
        return this;
    }

    int serverProcessId() {
        return connection.processId();
    }

    Future<Void> close() {
        return connection.close().timeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    Future<SourceSchema> schema() {
        return one(
                sql.schema,
                Tuple.tuple(),
                row -> new SourceSchema(
                        row.getBoolean("migrated"),
                        row.getLong("sequence_cache"),
                        row.getString("doorbell"),
                        sql.table,
                        columns));
    }

    Future<Boolean> tryLead() {
        return one(LockSql.TRY_LEAD, Tuple.of(LockSql.LEADER, sql.lockKey), row -> row.getBoolean("leader"));
    }

    /** Through {@link AwakeLock} alone, which counts. */
    Future<Boolean> tryAwake() {
        return one(LockSql.TRY_AWAKE, Tuple.of(LockSql.AWAKE, sql.lockKey), row -> row.getBoolean("awake"));
    }

    /** @return whether the lock was held */
    Future<Boolean> leaveAwake() {
        return one(LockSql.LEAVE_AWAKE, Tuple.of(LockSql.AWAKE, sql.lockKey), row -> row.getBoolean("was_awake"));
    }

    Future<Void> listen() {
        return connection
                .query("LISTEN " + OutboxSql.CHANNEL)
                .execute()
                .timeout(answerTimeoutMs, TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    Future<LastSeq> lastSeq() {
        return one(sql.lastSeq, Tuple.tuple(), row -> new LastSeq(row.getLong("last_seq"), row.getBoolean("readable")));
    }

    Future<Backlog> backlog(long publishedThrough) {
        return one(
                sql.backlog,
                Tuple.of(publishedThrough, WAITING_COUNTED_MAX),
                row -> new Backlog(row.getLong("last_seq"), row.getLong("waiting"), row.getDouble("oldest_seconds")));
    }

    /** @return null when the cursor's row is missing */
    Future<OutboxCursor> loadCursor() {
        return query(sql.loadCursor, Tuple.tuple()).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            Long[] starts = row.getArrayOfLongs("gap_starts");
            Long[] ends = row.getArrayOfLongs("gap_ends");
            List<SeqRange> gaps = new ArrayList<>();
            for (int i = 0; i < starts.length; i++) {
                gaps.add(new SeqRange(starts[i], ends[i]));
            }
            return new OutboxCursor(row.getLong("published_through"), gaps);
        });
    }

    Future<Void> storeCursor(OutboxCursor cursor) {
        Tuple values = Tuple.of(cursor.publishedThrough(), cursor.gapStarts(), cursor.gapEnds());
        return query(sql.storeCursor, values).map(rows -> {
            if (rows.rowCount() != 1) {
                throw new IllegalStateException("outbox_cursor has lost its row");
            }
            return null;
        });
    }

    /** @param gaps also looked into, in the same snapshot; {@code above} false reads nothing but them */
    Future<Rows> read(long readThrough, List<SeqRange> gaps, boolean above, RelayConfig config) {
        int limit = config.batchEventsMax();
        Tuple values = Tuple.of(
                readThrough,
                gaps.stream().map(SeqRange::start).toArray(Long[]::new),
                gaps.stream().map(SeqRange::end).toArray(Long[]::new),
                (long) limit,
                above ? (long) limit : 0L,
                (long) config.batchBytesMax());
        values.addInteger(config.recordBytesMax());
        return query(sql.read, values).map(rows -> {
            List<OutboxRow> found = new ArrayList<>(rows.size());
            long bytes = 0;
            for (Row row : rows) {
                found.add(OutboxRow.of(row, sql.headerNames));
                bytes = row.getLong(OutboxSql.BYTES_THROUGH);
            }
            return new Rows(found, found.size() >= limit || bytes >= config.batchBytesMax(), bytes);
        });
    }

    /** What {@link Replay} publishes again, of a bounded number of rows. */
    Future<Replayable> replayable(long above, ReplayFilter filter, RelayConfig config) {
        int limit = config.batchEventsMax();
        Tuple values = Tuple.of(
                above,
                filter.all() ? (long) limit : REPLAY_LOOKED_MAX,
                filter.since() == null ? null : filter.since().atOffset(ZoneOffset.UTC),
                filter.eventType(),
                filter.aggregateId(),
                (long) limit);
        values.addLong((long) config.batchBytesMax()).addInteger(config.recordBytesMax());
        return query(sql.replay, values).map(rows -> {
            List<OutboxRow> found = new ArrayList<>(rows.size());
            long bytes = 0;
            Long looked = null;
            for (Row row : rows) {
                looked = row.getLong(ReplaySql.THROUGH);
                if (row.getLong(OutboxSql.SEQ) != null) {
                    found.add(OutboxRow.of(row, sql.headerNames));
                    bytes = row.getLong(OutboxSql.BYTES_THROUGH);
                }
            }
            if (looked == null) {
                return new Replayable(List.of(), above, true);
            }
            boolean cut = found.size() >= limit || bytes >= config.batchBytesMax();
            return new Replayable(found, cut ? found.get(found.size() - 1).seq() : looked, false);
        });
    }

    @Override
    public Future<Set<String>> openWriters() {
        return writers(sql.openWriters);
    }

    @Override
    public Future<Set<String>> gapWriters() {
        return writers(sql.gapWriters);
    }

    private Future<Set<String>> writers(String statement) {
        return query(statement, Tuple.tuple()).map(rows -> {
            Set<String> writers = new HashSet<>();
            rows.forEach(row -> writers.add(row.getString("virtualtransaction")));
            return writers;
        });
    }

    /** @return more than {@link #PARKED_KEYS_MAX} when there are too many */
    Future<Set<ParkedKey>> parkedKeys() {
        return query(sql.parkedKeys, Tuple.of(PARKED_KEYS_MAX + 1L)).map(rows -> {
            Set<ParkedKey> keys = new HashSet<>();
            rows.forEach(row -> keys.add(new ParkedKey(
                    row.getString("topic"),
                    ByteBuffer.wrap(row.getBuffer("record_key").getBytes()))));
            return keys;
        });
    }

    Future<Void> storeDeadLetters(List<DeadLetter> letters) {
        Tuple columns = Tuple.of(
                column(letters, letter -> letter.event().seq(), Long[]::new),
                column(letters, letter -> letter.event().topic(), String[]::new),
                column(letters, letter -> letter.reason().name(), String[]::new),
                column(letters, DeadLetter::cause, String[]::new),
                column(letters, DeadLetter::headersJson, String[]::new));
        return query(sql.storeDeadLetters, columns).mapEmpty();
    }

    /** @return those of the events that are dead letters of the relay */
    Future<Set<UUID>> deadLettered(UUID[] eventIds) {
        return query(sql.deadLettered, Tuple.of(eventIds)).map(rows -> {
            Set<UUID> dead = new HashSet<>();
            rows.forEach(row -> dead.add(row.getUUID("event_id")));
            return dead;
        });
    }

    /**
     * One bounded step of the retention; {@link Retention} runs it on a session of its own.
     *
     * @param above only rows with a higher seq
     */
    Future<Removed> removePublished(int olderThanHours, int lowestRows, long above) {
        if (sql.removePublished == null) {
            return Future.succeededFuture(new Removed(0, above));
        }
        return one(sql.removePublished, Tuple.of(olderThanHours, (long) lowestRows, above), row -> {
            // Null when the cursor is missing.
            Long through = row.getLong("through");
            return new Removed(row.getInteger("removed"), through == null ? above : through);
        });
    }

    private static <T> T[] column(
            List<DeadLetter> letters, Function<DeadLetter, T> value, java.util.function.IntFunction<T[]> array) {
        return letters.stream().map(value).toArray(array);
    }

    private <T> Future<T> one(String statement, Tuple values, Function<Row, T> mapper) {
        return query(statement, values).map(rows -> mapper.apply(rows.iterator().next()));
    }

    private Future<RowSet<Row>> query(String statement, Tuple values) {
        return connection.preparedQuery(statement).execute(values).timeout(answerTimeoutMs, TimeUnit.MILLISECONDS);
    }
}
