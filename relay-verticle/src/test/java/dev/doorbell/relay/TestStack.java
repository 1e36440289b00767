package dev.doorbell.relay;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;

/** One PostgreSQL and one Kafka for all tests of a JVM; they end with it. Every test has its own database and topics. */
final class TestStack {
    private static LocalPostgres postgres;
    private static LocalKafka kafka;

    private TestStack() {}

    static synchronized LocalPostgres postgres() {
        if (postgres == null) {
            postgres = LocalPostgres.start(
                    LocalPostgres.Options.defaults().withSetting("max_prepared_transactions", "10"));
        }
        return postgres;
    }

    static synchronized LocalKafka kafka() {
        if (kafka == null) {
            kafka = LocalKafka.start(LocalKafka.Options.defaults());
        }
        return kafka;
    }
}
