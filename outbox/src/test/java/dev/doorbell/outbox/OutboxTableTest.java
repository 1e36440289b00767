package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the table refuses from writers that do not use {@link Outbox}: what could not be published or deduplicated. */
@ExtendWith(VertxExtension.class)
class OutboxTableTest {
    private static final String CHECK_VIOLATION = "23514";

    private Pool pool;

    @BeforeEach
    void database(Vertx vertx) {
        pool = TestStack.newDatabase(vertx);
    }

    @Test
    void aPlainRowIsTaken() {
        assertThatCode(() -> insert(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void anIdWithoutATimeIsRefused() {
        refused(Map.of("event_id", "'" + UUID.randomUUID() + "'"));
    }

    @Test
    void anAggregateTypeThatNamesNoTopicIsRefused() {
        refused(Map.of("aggregate_type", "'white space'"));
        refused(Map.of("aggregate_type", "repeat('a', 201)"));
    }

    @Test
    void anAggregateIdThatNoIndexHoldsIsRefused() {
        refused(Map.of("aggregate_id", "repeat('ä', 1001)"));
        refused(Map.of("aggregate_id", "''"));
    }

    @Test
    void aTopicThatKafkaRefusesIsRefused() {
        refused(Map.of("topic", "'white space'"));
    }

    @Test
    void headersThatAreNoObjectAreRefused() {
        refused(Map.of("headers", "'[1]'"));
    }

    private void refused(Map<String, String> changed) {
        assertThatThrownBy(() -> insert(changed))
                .isInstanceOfSatisfying(
                        PgException.class,
                        refusal -> assertThat(refusal.getSqlState()).isEqualTo(CHECK_VIOLATION));
    }

    private void insert(Map<String, String> changed) {
        Map<String, String> values = Stream.of(
                        Map.of(
                                "event_id",
                                "'" + UuidV7.create() + "'",
                                "aggregate_type",
                                "'order'",
                                "aggregate_id",
                                "'o-1'",
                                "event_type",
                                "'OrderPlaced'",
                                "payload",
                                "'{}'"),
                        changed)
                .flatMap(columns -> columns.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (plain, other) -> other));
        get(pool.query("INSERT INTO outbox (" + String.join(", ", values.keySet()) + ") VALUES ("
                        + String.join(", ", values.values()) + ")")
                .execute());
    }
}
