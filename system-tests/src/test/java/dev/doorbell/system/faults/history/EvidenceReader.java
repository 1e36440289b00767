package dev.doorbell.system.faults.history;

import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.DeadLetterRow;
import dev.doorbell.system.faults.history.Evidence.IdentityRow;
import dev.doorbell.system.faults.history.Evidence.InboxRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.ParkedKey;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import dev.doorbell.system.faults.history.Evidence.Side;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Evidence.VersionFile;
import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.TopicReader;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads {@link Evidence}. */
final class EvidenceReader {
    private static final int ATTEMPTS_MAX = 3;

    private static final String CUSTOMERS = """
            SELECT id, last_name, username, username_released_at, status, reason, payment_outcome, payment_id,
                   identity_outcome, created_at, settled_at
            FROM customer ORDER BY created_at, id
            """;
    private static final String PAYMENTS =
            "SELECT id, customer_id, status, reason, amount, created_at FROM payment ORDER BY created_at, id";
    private static final String VERSION_FILES =
            "SELECT customer_id, requested_at, reversed_at FROM version_file ORDER BY 1";
    private static final String OUTBOX = """
            SELECT seq, event_id, aggregate_id, event_type, coalesce(topic, 'outbox.event.' || aggregate_type), payload
            FROM outbox ORDER BY seq
            """;
    private static final String INBOX = "SELECT consumer, event_id FROM inbox ORDER BY 1, 2";
    private static final String DEAD_LETTERS =
            "SELECT consumer, topic, event_id, record_key, reason FROM dead_letter ORDER BY id";
    private static final String PARKED_KEYS = "SELECT consumer, topic, record_key FROM parked_key ORDER BY 1, 2, 3";

    private static final String IDENTITIES = "SELECT customer_id, state, user_id FROM identity ORDER BY 1";

    private final Database customers;
    private final Database payments;
    private final TopicReader topics;
    private final Supplier<List<User>> users;

    EvidenceReader(Database customers, Database payments, TopicReader topics, Supplier<List<User>> users) {
        this.customers = customers;
        this.payments = payments;
        this.topics = topics;
        this.users = users;
    }

    /** The parts are read one after the other, so what moves in between would look like a contradiction. */
    Evidence read() {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            Evidence evidence = readOnce();
            if (evidence.equals(readOnce())) {
                return evidence;
            }
        }
        throw new AssertionError("the system is not at rest: it changed while it was read, " + ATTEMPTS_MAX + " times");
    }

    private Evidence readOnce() {
        return new Evidence(
                customers.list(
                        CUSTOMERS,
                        row -> new CustomerRow(
                                Rows.uuid(row, 1),
                                row.getString(2),
                                row.getString(3),
                                Rows.instant(row, 4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                Rows.uuid(row, 8),
                                row.getString(9),
                                Rows.instant(row, 10),
                                Rows.instant(row, 11))),
                LagHistory.read(customers),
                payments.list(
                        PAYMENTS,
                        row -> new PaymentRow(
                                Rows.uuid(row, 1),
                                Rows.uuid(row, 2),
                                row.getString(3),
                                row.getString(4),
                                row.getBigDecimal(5),
                                Rows.instant(row, 6))),
                payments.list(
                        VERSION_FILES,
                        row -> new VersionFile(Rows.uuid(row, 1), Rows.instant(row, 2), Rows.instant(row, 3))),
                side(Rest.CUSTOMER_GROUP, customers),
                side(Rest.PAYMENT_GROUP, payments),
                topics.topics().stream()
                        .flatMap(topic -> topics.read(topic).stream())
                        .map(EvidenceReader::record)
                        .toList(),
                customers.list(
                        IDENTITIES, row -> new IdentityRow(Rows.uuid(row, 1), row.getString(2), row.getString(3))),
                users.get());
    }

    private static Side side(String consumer, Database database) {
        return new Side(
                consumer,
                database.list(
                        OUTBOX,
                        row -> new OutboxRow(
                                row.getLong(1),
                                Rows.uuid(row, 2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                Rows.bytes(row, 6))),
                database.list(INBOX, row -> new InboxRow(row.getString(1), Rows.uuid(row, 2))),
                database.list(
                        DEAD_LETTERS,
                        row -> new DeadLetterRow(
                                row.getString(1),
                                row.getString(2),
                                Rows.uuid(row, 3),
                                Rows.bytes(row, 4),
                                row.getString(5))),
                database.list(
                        PARKED_KEYS, row -> new ParkedKey(row.getString(1), row.getString(2), Rows.bytes(row, 3))));
    }

    private static TopicRecord record(ConsumerRecord<byte[], byte[]> record) {
        return new TopicRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Rows.text(record.key()),
                eventId(TopicReader.header(record, "ce_id")),
                TopicReader.header(record, "ce_type"),
                TopicReader.header(record, "ce_source"),
                sequence(TopicReader.header(record, "ce_sequence")),
                Rows.text(record.value()));
    }

    private static UUID eventId(String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long sequence(String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
