package dev.doorbell.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a caller may set, and what the guarantees rest on. */
class ConsumerOptionsTest {
    @Test
    void whatTheGuaranteesRestOnCannotBeChanged() {
        Map<String, String> kept = Map.of(
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "isolation.level", "read_committed",
                "group.id", "group",
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        Map<String, String> given = new HashMap<>();
        kept.keySet().forEach(name -> given.put(name, "other"));
        assertThat(options("group", given).kafkaConfig()).containsAllEntriesOf(kept);
    }

    @Test
    void otherSettingsAreTheCallers() {
        assertThat(options("group", Map.of("session.timeout.ms", "45000")).kafkaConfig())
                .containsEntry("session.timeout.ms", "45000");
    }

    /** The session of the dead member, a heartbeat until the others know, and two seconds for join, fetch and work. */
    @Test
    void aMemberThatDiedIsReplacedWithinTenSeconds() {
        Map<String, String> config = options("group", Map.of()).kafkaConfig();
        assertThat(millis(config, "session.timeout.ms") + millis(config, "heartbeat.interval.ms"))
                .isLessThanOrEqualTo(8_000);
        // The loop waits at most for an answer of the broker; a member that does so is not thrown out.
        assertThat(millis(config, "max.poll.interval.ms")).isGreaterThan(2 * millis(config, "default.api.timeout.ms"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> options(" ", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The consumer's group is missing.");
    }

    private static long millis(Map<String, String> config, String name) {
        return Long.parseLong(config.get(name));
    }

    private static ConsumerOptions options(String group, Map<String, String> kafkaConfig) {
        Map<String, String> config = new HashMap<>(kafkaConfig);
        config.put("bootstrap.servers", "127.0.0.1:1");
        return new ConsumerOptions(
                group,
                Set.of("topic"),
                Map.of("Happened", (connection, event) -> Future.succeededFuture()),
                config,
                Duration.ofDays(16),
                false,
                Duration.ofSeconds(8),
                KeyOrder.SEQUENTIAL,
                ConsumerListener.NONE,
                Clock.systemUTC());
    }
}
