package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the bytes that the broker keeps: a consumer does not see how they were sent. */
class RelayCompressionTest {
    private static final int PAYLOAD_BYTES = 50_000;

    private final TestSource source = TestSource.migrated();

    @ParameterizedTest
    @CsvSource({"none, false", "lz4, true", "snappy, true", "zstd, true", "gzip, true"})
    void sendsAsItIsTold(String compression, boolean smaller) throws Exception {
        String payload = "0123456789".repeat(PAYLOAD_BYTES / 10);
        source.append("a", payload);
        try (TestRelay relay = TestRelay.start(Map.of("RELAY_COMPRESSION", compression), source);
                TestTopic topic = new TestTopic(source)) {
            topic.awaitPayloads(payload);
            relay.awaitLeading(source);
        }
        assertThat(storedBytes() < PAYLOAD_BYTES).isEqualTo(smaller);
    }

    private long storedBytes() throws Exception {
        try (Admin admin = TestStack.admin()) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                    .flatMap(logs -> logs.values().stream())
                    .flatMap(log -> log.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(source.topic))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }
}
