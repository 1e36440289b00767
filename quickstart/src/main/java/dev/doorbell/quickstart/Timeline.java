package dev.doorbell.quickstart;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What happened to a registration, as an onlooker sees it: the events are read back from Kafka, each with the time at
 * which its transaction appended it and the time at which the relay sent it.
 */
final class Timeline implements AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** The last of each side. They are read from different partitions, in no certain order. */
    private static final Set<String> CUSTOMER_SETTLED = Set.of("CustomerRegisteredEvent", "CustomerNotRegisteredEvent");

    private static final Set<String> PAYMENT_DECIDED = Set.of("PaymentAuthorizedEvent", "PaymentNotAuthorizedEvent");

    private record Entry(Instant at, String line) {}

    private final KafkaConsumer<byte[], byte[]> consumer;

    private Timeline(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static Timeline of(String bootstrapServers) {
        return new Timeline(new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
    }

    String tell(Sample sample, SampleResult result, Duration limit) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(
                result.answeredAt(),
                "POST /customers answered " + result.httpStatus()
                        + (result.id() == null ? "" : ", REGISTRATION_PENDING")));
        if (result.id() != null) {
            entries.addAll(events(result));
        }
        if (result.settledAt() != null) {
            entries.add(new Entry(
                    result.settledAt(), result.status() + (result.reason() == null ? "" : ", " + result.reason())));
        }
        entries.sort(Comparator.comparing(Entry::at));
        StringBuilder text = new StringBuilder();
        text.append("%s %s registers, balance %s%n".formatted(sample.firstName(), sample.lastName(), sample.balance()));
        for (Entry entry : entries) {
            text.append("  %s %s%n".formatted(sinceSent(result, entry.at()), entry.line()));
        }
        if (result.isUnsettled()) {
            text.append("  did not settle in %d s, last status %s%n".formatted(limit.toSeconds(), result.status()));
        }
        return text.toString();
    }

    private List<Entry> events(SampleResult result) {
        List<Entry> entries = new ArrayList<>();
        Set<String> types = new HashSet<>();
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        if (!rewind()) {
            return entries;
        }
        while (!isComplete(types) && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                if (concerns(record, result.id())) {
                    String type = header(record, "ce_type");
                    Instant sent = Instant.ofEpochMilli(record.timestamp());
                    entries.add(new Entry(
                            Instant.parse(header(record, "ce_time")),
                            type + " committed; sent to " + record.topic() + " at" + sinceSent(result, sent)));
                    types.add(type);
                }
            }
        }
        return entries;
    }

    static boolean isComplete(Set<String> types) {
        return !Collections.disjoint(types, CUSTOMER_SETTLED) && !Collections.disjoint(types, PAYMENT_DECIDED);
    }

    /**
     * To the beginning of all topics: this is a demonstration with a handful of events, or those of a kept run. False
     * when there is no topic yet.
     */
    private boolean rewind() {
        List<TopicPartition> partitions = consumer.listTopics().entrySet().stream()
                .filter(topic -> topic.getKey().startsWith("outbox.event."))
                .flatMap(topic -> topic.getValue().stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return !partitions.isEmpty();
    }

    private static boolean concerns(ConsumerRecord<byte[], byte[]> record, String id) {
        return new String(record.value(), StandardCharsets.UTF_8).contains(id);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String sinceSent(SampleResult result, Instant at) {
        return String.format(
                Locale.ROOT, "%+6d ms", Duration.between(result.sentAt(), at).toMillis());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
