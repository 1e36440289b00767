package dev.doorbell.system.faults.history;

import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.TopicReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * All that databases and topics hold, read once the system is at rest. Bytes stand as text of one character a byte
 * (ISO 8859-1), so that equal texts mean equal bytes.
 *
 * @param lags every moment to which the deadlock detector moved the deadlines, as far as known, in their order
 * @param users of the identity provider, strangers included; none where there is no provider
 */
public record Evidence(
        List<CustomerRow> customerRows,
        List<Instant> lags,
        List<PaymentRow> paymentRows,
        List<VersionFile> versionFiles,
        Side customers,
        Side payments,
        List<TopicRecord> records,
        List<IdentityRow> identityRows,
        List<User> users) {
    public Evidence {
        customerRows = List.copyOf(customerRows);
        lags = List.copyOf(lags);
        paymentRows = List.copyOf(paymentRows);
        versionFiles = List.copyOf(versionFiles);
        records = List.copyOf(records);
        identityRows = List.copyOf(identityRows);
        users = List.copyOf(users);
    }

    /**
     * What both databases have.
     *
     * @param consumer the service's consumer group
     */
    public record Side(
            String consumer,
            List<OutboxRow> outbox,
            List<InboxRow> inbox,
            List<DeadLetterRow> deadLetters,
            List<ParkedKey> parkedKeys) {
        public Side {
            outbox = List.copyOf(outbox);
            inbox = List.copyOf(inbox);
            deadLetters = List.copyOf(deadLetters);
            parkedKeys = List.copyOf(parkedKeys);
        }
    }

    public record CustomerRow(
            UUID id,
            String lastName,
            String username,
            Instant usernameReleasedAt,
            String status,
            String reason,
            String paymentOutcome,
            UUID paymentId,
            String identityOutcome,
            Instant createdAt,
            Instant settledAt) {}

    public record PaymentRow(
            UUID id, UUID customerId, String status, String reason, BigDecimal amount, Instant createdAt) {}

    public record VersionFile(UUID customerId, Instant requestedAt, Instant reversedAt) {}

    /** @param topic the one it must be published to */
    public record OutboxRow(long seq, UUID eventId, String aggregateId, String type, String topic, String payload) {}

    public record InboxRow(String consumer, UUID eventId) {}

    public record DeadLetterRow(String consumer, String topic, UUID eventId, String key, String reason) {}

    public record ParkedKey(String consumer, String topic, String key) {}

    /**
     * @param eventId {@code ce_id}, null without one that is a UUID
     * @param sequence {@code ce_sequence}, -1 without one that is a number
     */
    public record TopicRecord(
            String topic,
            int partition,
            long offset,
            String key,
            UUID eventId,
            String type,
            String source,
            long sequence,
            String payload) {}

    /** What the customer service knows of its work at the identity provider. */
    public record IdentityRow(UUID customerId, String state, String userId) {}

    /**
     * A user as the identity provider's administrator sees it.
     *
     * @param customerId as it stands in the attribute of that name, null without one
     * @param representation all that there is of it, equal for what is equal
     */
    public record User(String id, String username, String customerId, boolean enabled, String representation) {}

    /** Reads everything, from connections of its own. Again when something moved meanwhile, and fails when it does not end. */
    public static Evidence read(Database customers, Database payments, TopicReader topics) {
        return read(customers, payments, topics, List::of);
    }

    /** The same with the users of an identity provider. */
    public static Evidence read(Database customers, Database payments, TopicReader topics, Supplier<List<User>> users) {
        return new EvidenceReader(customers, payments, topics, users).read();
    }
}
