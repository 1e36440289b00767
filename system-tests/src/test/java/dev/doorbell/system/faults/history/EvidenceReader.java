package dev.doorbell.system.faults.history;

import dev.doorbell.system.harness.Database;
import dev.doorbell.system.harness.TopicReader;

/** Reads {@link Evidence}. */
final class EvidenceReader {
    private final Database customers;
    private final Database payments;
    private final TopicReader topics;

    EvidenceReader(Database customers, Database payments, TopicReader topics) {
        this.customers = customers;
        this.payments = payments;
        this.topics = topics;
    }

    Evidence read() {
        throw new UnsupportedOperationException(customers.name() + payments.name() + topics);
    }
}
