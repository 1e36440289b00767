import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * An application that leaves the publishing to Namastack Outbox: a handler that sends to Kafka and returns when Kafka has
 * acknowledged, because the library takes the return for the proof. Compiled by the benchmark command on the library's own
 * class path; configured by Spring's environment variables.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class LibraryRelay {
    public static void main(String[] arguments) {
        SpringApplication.run(LibraryRelay.class, arguments);
    }

    @Bean(destroyMethod = "close")
    public KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP_SERVERS"),
                        "linger.ms", Integer.parseInt(System.getenv("LINGER_MS")),
                        "compression.type", "lz4"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @Bean
    public Publisher publisher(KafkaProducer<String, byte[]> producer) {
        return new Publisher(producer, System.getenv("TOPIC"));
    }

    /** Its name and its method's are part of each row, see Namastack.java. */
    public static class Publisher implements OutboxTypedHandler<String> {
        private final KafkaProducer<String, byte[]> producer;
        private final String topic;

        public Publisher(KafkaProducer<String, byte[]> producer, String topic) {
            this.producer = producer;
            this.topic = topic;
        }

        @Override
        public void handle(String payload, OutboxRecordMetadata metadata) {
            try {
                producer.send(new ProducerRecord<>(topic, metadata.getKey(), payload.getBytes()))
                        .get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
