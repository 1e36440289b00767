package dev.doorbell.system.faults;

import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Topics;
import dev.doorbell.system.faults.history.Expectations.Poison;
import dev.doorbell.system.harness.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records that come again, and records that nobody can process; each poison on a key of its own. */
final class RecordFault implements Fault {
    enum Action {
        REPEAT,
        POISON,
        UNDECODABLE
    }

    private static final int RECORDS_MAX = 100;
    private static final int POISON_MAX = 5;
    private static final String POISON_KEY = "poison-";

    private final Action action;
    private final String topic;
    private final int count;
    private final long seed;
    private int written;

    /** @param seed picks the records that come again */
    RecordFault(Action action, String topic, int count, long seed) {
        this.action = action;
        this.topic = topic;
        this.count = count;
        this.seed = seed;
    }

    static RecordFault draw(Draw draw) {
        Action action = draw.pick(List.of(Action.values()));
        int count = (int) draw.number(1, action == Action.REPEAT ? RECORDS_MAX : POISON_MAX);
        return new RecordFault(action, draw.pick(List.of(Topics.CUSTOMER, Topics.PAYMENT)), count, draw.seed());
    }

    @Override
    public String kind() {
        return switch (action) {
            case REPEAT -> "repeated-records";
            case POISON -> "poison";
            case UNDECODABLE -> "undecodable";
        };
    }

    @Override
    public String target() {
        return "records";
    }

    @Override
    public Set<String> needs() {
        return Set.of(World.BROKER);
    }

    @Override
    public String details() {
        return count + " on " + topic;
    }

    @Override
    public Duration lasts() {
        return Duration.ZERO;
    }

    @Override
    public void begin(World world) {
        world.servers().whileBrokerIsThere(() -> write(world));
    }

    private void write(World world) {
        switch (action) {
            case REPEAT -> repeat(world);
            case POISON -> IntStream.range(0, count).forEach(i -> poison(world));
            case UNDECODABLE -> IntStream.range(0, count).forEach(i -> undecodable(world));
        }
    }

    private void repeat(World world) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(world.reader().read(topic).stream()
                .filter(record -> !TopicReader.key(record).startsWith(POISON_KEY))
                .toList());
        Collections.shuffle(records, new Random(seed));
        List<ConsumerRecord<byte[], byte[]>> again = records.subList(0, Math.min(count, records.size()));
        world.writer().repeat(again);
        written = again.size();
    }

    /** What the consumer of the topic handles, about nobody. */
    private void poison(World world) {
        String key = POISON_KEY + UUID.randomUUID();
        boolean ofCustomer = topic.equals(Topics.CUSTOMER);
        UUID event = world.writer()
                .event(
                        topic,
                        key,
                        ofCustomer ? EventTypes.CUSTOMER_PENDING_REGISTRATION : EventTypes.PAYMENT_AUTHORIZED,
                        "{\"customerId\":\"nobody\"}");
        consumers(world).forEach(consumer -> world.expectPoison(new Poison(consumer, topic, key, event, "POISON")));
        written++;
    }

    private void undecodable(World world) {
        String key = POISON_KEY + UUID.randomUUID();
        world.writer().bytes(topic, key, new byte[] {(byte) 0xFF, 0, 1});
        consumers(world).forEach(consumer -> world.expectPoison(new Poison(consumer, topic, key, null, "UNDECODABLE")));
        written++;
    }

    /** Where there is Keycloak, the customer service reads its own events too. */
    private List<String> consumers(World world) {
        if (topic.equals(Topics.PAYMENT)) {
            return List.of("customer-verticle");
        }
        return world.keycloak().isPresent()
                ? List.of("payment-verticle", "customer-verticle")
                : List.of("payment-verticle");
    }

    @Override
    public void end(World world) {
        // Records stay, as they do in a topic.
    }

    @Override
    public boolean hit() {
        return written > 0;
    }
}
