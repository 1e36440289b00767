package dev.doorbell.relay;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * One PostgreSQL and one Kafka for all tests of a JVM; they end with it. Every test has its own database and topics.
 * All traffic to Kafka goes through {@link #kafkaProxy}; whoever makes it faulty heals it.
 */
final class TestStack {
    private static LocalPostgres postgres;
    private static LocalKafka kafka;
    private static FaultProxy kafkaProxy;

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
            // Nobody connects before the port is known.
            kafkaProxy = FaultProxy.start(1);
            kafka = LocalKafka.start(LocalKafka.Options.defaults()
                    .withAdvertisedPort(kafkaProxy.port())
                    // For the test in which the broker forgets a producer.
                    .withSetting("producer.id.expiration.check.interval.ms", "500"));
            kafkaProxy.retarget(kafka.port());
        }
        return kafka;
    }

    static synchronized FaultProxy kafkaProxy() {
        kafka();
        return kafkaProxy;
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka().bootstrapServers()));
    }
}
