package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import io.vertx.kafka.client.consumer.impl.KafkaConsumerRecordsImpl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** What becomes of an offset that Kafka did not take, by turns that the test makes itself. */
class AssignedPartitionsTest extends ConsumerTest {
    private static final int STAYS = 0;
    private static final int GOES_ON = 1;
    private static final int COMES_BACK = 2;
    private static final int LOST = 3;

    /** In the order in which their partitions were given to this member. */
    private final List<PartitionWorker> workers = new ArrayList<>();

    private final List<PartitionWorker.Owner> owners = new ArrayList<>();

    @Test
    void anOffsetWhoseCommitFailedIsPutBackForTheWorkerThatItWasOfAlone() {
        kafka.create(4);
        Context context = vertx.getOrCreateContext();
        // Kafka takes no offset of somebody who is in no group.
        KafkaConsumer<byte[], byte[]> nobody = client(Map.of());
        KafkaConsumer<byte[], byte[]> member = client(Map.of("group.id", group));
        AssignedPartitions partitions = new AssignedPartitions(this::idleWorker);

        on(context, () -> {
            for (int partition : new int[] {STAYS, GOES_ON, COMES_BACK, LOST}) {
                partitions.dispatch(member, noRecordsOf(partition));
                done(partition, 10 + partition);
            }
            Future<Void> failing = partitions.commit(nobody);
            done(GOES_ON, 21);
            partitions.revoked(Set.of(partition(COMES_BACK), partition(LOST)));
            partitions.dispatch(member, noRecordsOf(COMES_BACK));
            assertThat(failing.isComplete()).isFalse();
            return failing;
        });
        assertThat(workers).hasSize(5);
        on(context, () -> partitions.commit(member));

        assertThat(kafka.committed(group, STAYS)).as("of the same worker").isEqualTo(10);
        assertThat(kafka.committed(group, GOES_ON)).as("not over a later one").isEqualTo(21);
        assertThat(kafka.committed(group, COMES_BACK)).as("of another worker").isZero();
        assertThat(kafka.committed(group, LOST)).as("of no worker").isZero();
        get(nobody.close());
        get(member.close());
    }

    private PartitionWorker idleWorker(PartitionWorker.Owner owner) {
        PartitionWorker worker = new PartitionWorker(vertx, null, null, counts, owner);
        workers.add(worker);
        owners.add(owner);
        return worker;
    }

    private void done(int partition, long offset) {
        owners.get(partition).done(workers.get(partition), offset);
    }

    private KafkaConsumer<byte[], byte[]> client(Map<String, String> group) {
        Map<String, String> config = new HashMap<>(group);
        config.put("bootstrap.servers", TestStack.bootstrapServers());
        config.put("key.deserializer", ByteArrayDeserializer.class.getName());
        config.put("value.deserializer", ByteArrayDeserializer.class.getName());
        config.put("enable.auto.commit", "false");
        return KafkaConsumer.create(vertx, config);
    }

    private KafkaConsumerRecords<byte[], byte[]> noRecordsOf(int partition) {
        return new KafkaConsumerRecordsImpl<>(new ConsumerRecords<>(
                Map.of(new org.apache.kafka.common.TopicPartition(topic, partition), List.of()), Map.of()));
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    private static void on(Context context, Supplier<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                go -> Future.succeededFuture().compose(begun -> action.get()).onComplete(done));
        get(done.future());
    }
}
