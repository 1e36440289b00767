package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final TestSource source = TestSource.migrated();

    @Test
    void publishesAgainWithTheSameIdsWhileTheRelayGoesOn() throws Exception {
        source.appendMany("event", 25);
        try (TestRelay relay = TestRelay.start(source);
                TestTopic topic = new TestTopic(source)) {
            awaitPublished(relay, "25 {}{}");
            // Of several reads, so that one ends where the next begins.
            replay(Map.of("RELAY_BATCH_EVENTS_MAX", "10"), "--from", "0");
            source.append("a1", "afterwards");
            List<ConsumerRecord<byte[], byte[]>> records = topic.awaitPayloads("afterwards");
            List<ConsumerRecord<byte[], byte[]>> replayed = replayed(topic.recordsNow());
            List<ConsumerRecord<byte[], byte[]>> first =
                    records.stream().filter(record -> !isReplayed(record)).toList();
            assertThat(first).hasSize(26);
            assertThat(identities(replayed))
                    .containsExactlyInAnyOrderElementsOf(identities(first).stream()
                            .filter(identity -> !identity.contains("afterwards"))
                            .toList());
            TestTopic.assertFirstOccurrencesInOrder(replayed);
        }
    }

    @Test
    void publishesWhatMatchesAlone() throws Exception {
        source.appendMany("event", 20);
        source.execute("UPDATE outbox SET event_type = 'Rare' WHERE seq IN (7, 17, 18)");
        source.execute("UPDATE outbox SET created_at = '2026-01-01T00:00:00Z'");
        source.execute("UPDATE outbox SET created_at = '2026-01-01T00:00:01Z' WHERE seq > 10");
        try (TestRelay relay = TestRelay.start(source)) {
            awaitPublished(relay, "20 {}{}");
        }
        try (TestTopic topic = new TestTopic(source)) {
            replay(Map.of(), "--from", "0", "--dry-run");
            assertThat(replayed(topic.recordsNow())).isEmpty();
            replay(Map.of(), "--from", "2026-01-01T01:00:01+01:00", "--type", "Rare", "--aggregate", "a7");
            assertThat(TestTopic.labels(replayed(topic.recordsNow()))).containsExactly("event-17");
            replay(Map.of(), "--from", "20");
            assertThat(TestTopic.labels(replayed(topic.recordsNow()))).containsExactly("event-17", "event-20");
        }
    }

    /** Of millions of rows a replay may want ten. */
    @Test
    void payloadsOfWhatDoesNotMatchStayWhereTheyAre() throws Exception {
        for (int i = 0; i < 20; i++) {
            source.append("a" + i, TestSource.noise("event-" + i, 20_000));
        }
        try (TestRelay relay = TestRelay.start(source)) {
            awaitPublished(relay, "20 {}{}");
        }
        long before = source.longPayloadsRead();
        try (TestTopic topic = new TestTopic(source)) {
            replay(Map.of(), "--from", "0", "--aggregate", "a17");
            assertThat(TestTopic.labels(replayed(topic.recordsNow()))).containsExactly("event-17");
        }
        assertThat(source.longPayloadsRead() - before).isEqualTo(1);
    }

    /** Were one of them published by the replay, it would be a first occurrence out of its order. */
    @Test
    void leavesOutWhatKafkaNeverHad() throws Exception {
        source.appendMany("event", 5);
        try (Connection open = source.transaction("a1", "late")) {
            source.append("dead", TestSource.noise("too-large", 20_000));
            source.append("dead", "parked");
            try (TestRelay relay = TestRelay.start(Map.of("RELAY_RECORD_BYTES_MAX", "10000"), source)) {
                awaitPublished(relay, "8 {6}{6}");
            }
            open.commit();
        }
        source.append("a2", "unpublished");
        replay(Map.of(), "--from", "1");
        try (TestTopic topic = new TestTopic(source)) {
            assertThat(TestTopic.labels(replayed(topic.recordsNow())))
                    .containsExactlyInAnyOrder("event-1", "event-2", "event-3", "event-4", "event-5");
            try (TestRelay relay = TestRelay.start(source)) {
                relay.awaitLeading(source);
                topic.awaitPayloads("late", "unpublished");
            }
        }
    }

    @Test
    void saysWhereToGoOnWhenKafkaIsCutOff() throws Exception {
        source.appendMany("event", 3);
        try (TestRelay relay = TestRelay.start(source)) {
            awaitPublished(relay, "3 {}{}");
        }
        TestStack.kafkaProxy().refuse();
        try {
            assertThatThrownBy(() -> replay(Map.of("RELAY_DELIVERY_TIMEOUT_MS", "1000"), "--from", "2"))
                    .hasMessageStartingWith("source " + source.name + ": ")
                    .hasMessageContaining("go on with --from 2");
        } finally {
            TestStack.kafkaProxy().heal();
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> replay(Map.of(), "--from", "yesterday"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--from is neither a seq nor a time");
        assertThatThrownBy(() -> replay(Map.of(), "--dry-run")).hasMessageContaining("usage: replay");
        assertThatThrownBy(() -> replay(Map.of(), "--from", "1", "--until", "2"))
                .hasMessageContaining("usage: replay");
        assertThatThrownBy(() -> replay(Map.of(), "--from", "1", "--from", "2"))
                .hasMessageContaining("--from is there twice");
        TestSource bare = TestSource.unmigrated();
        assertThatThrownBy(() -> ReplayCommand.run(
                        new Environment(TestRelay.environment(Map.of(), bare)),
                        List.of("--source", bare.name, "--from", "1")))
                .hasMessageContaining("run java -jar relay-verticle.jar migrate");
    }

    private void replay(Map<String, String> settings, String... options) {
        ReplayCommand.run(
                new Environment(TestRelay.environment(settings, source)),
                Stream.concat(Stream.of("--source", source.name), Stream.of(options))
                        .toList());
    }

    private void awaitPublished(TestRelay relay, String cursor) {
        relay.awaitLeading(source);
        await().atMost(PATIENCE).until(() -> source.cursor().equals(cursor));
    }

    private static List<ConsumerRecord<byte[], byte[]>> replayed(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().filter(ReplayTest::isReplayed).toList();
    }

    private static boolean isReplayed(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader("ce_replayed") != null
                && TestTopic.header(record, "ce_replayed").equals("true");
    }

    /** All that a reader sees of a record but the mark. */
    private static Set<String> identities(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> Stream.of(record.headers().toArray())
                        .filter(header -> !header.key().equals("ce_replayed"))
                        .map(header -> header.key() + "=" + TestTopic.header(record, header.key()))
                        .collect(Collectors.joining(
                                " ",
                                record.partition() + " " + new String(record.key()) + " ",
                                " " + TestTopic.payload(record))))
                .collect(Collectors.toSet());
    }
}
