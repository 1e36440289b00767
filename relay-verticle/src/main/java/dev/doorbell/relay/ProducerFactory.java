package dev.doorbell.relay;

import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of a source's producers. */
final class ProducerFactory {
    private static final int REQUEST_TIMEOUT_MS_MAX = 10_000;
    /** A larger record has a batch of its own. */
    static final int BATCH_BYTES = 256 * 1024;

    /**
     * A topic that nothing went to for five minutes the producer would forget, and the next event, of a source that has
     * slept, would wait for a round trip more. What it remembers is the topics of a day.
     */
    private static final long TOPIC_REMEMBERED_MS = 86_400_000;

    private final Map<String, String> settings = new HashMap<>();

    ProducerFactory(RelayConfig config, String source) {
        int requestTimeoutMs = Math.min(REQUEST_TIMEOUT_MS_MAX, config.deliveryTimeoutMs() / 2);
        set(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        set(ProducerConfig.CLIENT_ID_CONFIG, "doorbell-relay-" + source);
        set(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        set(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        set(ProducerConfig.ACKS_CONFIG, "all");
        set(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        set(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        // The relay hands over whole batches; waiting for more only adds latency (the default is 5 since Kafka 4).
        set(ProducerConfig.LINGER_MS_CONFIG, 0);
        set(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        set(ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression());
        set(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.recordBytesMax());
        // All that may be in flight, a last row above the limit, and room for keys and headers: send never waits for
        // it.
        set(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * config.inFlightBytesMax() + 4L * config.recordBytesMax());
        set(ProducerConfig.MAX_BLOCK_MS_CONFIG, requestTimeoutMs);
        set(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, requestTimeoutMs);
        set(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TOPIC_REMEMBERED_MS);
        set(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, config.deliveryTimeoutMs());
    }

    private void set(String name, Object value) {
        settings.put(name, String.valueOf(value));
    }

    Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Blocks while the brokers' names are resolved. */
    KafkaProducer<byte[], byte[]> create(Vertx vertx) {
        return KafkaProducer.create(vertx, settings);
    }
}
