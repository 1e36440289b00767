package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What commits while a read is under way. */
class RelaySnapshotTest {
    /** Neither poll nor heartbeat reads in the time that the tests take. */
    private static final Map<String, String> WOKEN_ONLY =
            Map.of("RELAY_FALLBACK_POLL_MS", "600000", "RELAY_SESSION_TIMEOUT_MS", "60000");

    private final TestSource source = TestSource.migrated();

    /** The earlier event lies in a gap, the later one above the mark; both commit while the gap is being read. */
    @Test
    void aLaterEventIsNeverSeenWithoutTheEarlierOneOfItsAggregate() throws Exception {
        try (ReadGate gate = new ReadGate(source);
                Connection slow = source.transaction("a", "earlier");
                TestRelay relay = TestRelay.start(gate.environment(WOKEN_ONLY), source);
                TestTopic topic = new TestTopic(source)) {
            source.append("quick", "behind the gap");
            topic.awaitPayloads("behind the gap");
            relay.awaitLeading(source);
            gate.shut();
            source.ring();
            gate.awaitReader();
            slow.commit();
            source.append("a", "later");
            gate.open();
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitPayloads("earlier", "later");
            assertThat(records.stream()
                            .filter(record -> new String(record.key()).equals("a"))
                            .map(TestTopic::payload))
                    .containsExactly("earlier", "later");
        }
    }
}
