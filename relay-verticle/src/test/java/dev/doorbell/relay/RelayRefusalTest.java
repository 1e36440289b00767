package dev.doorbell.relay;

import static dev.doorbell.relay.TestRelay.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Environment;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayRefusalTest {
    private final TestSource good = TestSource.migrated();

    @Test
    void badSourcesAreRefusedTheGoodOneGoesOnAndEachIsTakenWhenItIsMended() throws Exception {
        TestSource unmigrated = TestSource.unmigrated();
        TestSource caching = TestSource.migrated();
        caching.execute("ALTER TABLE outbox ALTER COLUMN seq SET CACHE 20");
        TestSource ahead = TestSource.migrated();
        ahead.append("a", "reused");
        ahead.execute("UPDATE outbox_cursor SET published_through = 500");
        try (TestRelay relay = TestRelay.start(good, unmigrated, caching, ahead);
                TestTopic topic = new TestTopic(good)) {
            good.append("a", "fine");
            topic.awaitPayloads("fine");
            awaitRefusal(relay, unmigrated, "lacks the outbox tables");
            awaitRefusal(relay, caching, "CACHE 20");
            awaitRefusal(relay, ahead, "stands at 500, above the sequence's last value 1");
            JsonObject ready = new JsonObject(relay.get("/health/ready"));
            assertThat(ready.getString("status")).isEqualTo("degraded");
            assertThat(relay.check(good).getString("status")).isEqualTo("up");

            unmigrated.migrate();
            caching.execute("ALTER TABLE outbox ALTER COLUMN seq SET CACHE 1");
            resetCursor(ahead, "0");
            relay.awaitLeading(unmigrated);
            relay.awaitLeading(caching);
            try (TestTopic mended = new TestTopic(ahead)) {
                mended.awaitPayloads("reused");
            }
        }
    }

    @Test
    void aSequenceThatIsSetBackUnderARunningLeaderIsNoticed() throws Exception {
        try (TestRelay relay = TestRelay.start(good);
                TestTopic topic = new TestTopic(good)) {
            good.appendMany("x", 10);
            topic.awaitPayloads("x-10");
            good.execute("TRUNCATE outbox RESTART IDENTITY");
            awaitRefusal(relay, good, "above the sequence's last value 0");
        }
    }

    @Test
    void resettingACursorIsRefusedWhileARelayLeadsAndForWhatCannotBe() throws Exception {
        assertThatThrownBy(() -> resetCursor(good, "1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("above the sequence's last value 0");
        assertThatThrownBy(() -> resetCursor(good, "-1")).hasMessageContaining("--to is not a seq");
        assertThatThrownBy(() -> ResetCursor.run(environment(good), List.of("--source", "nobody", "--to", "1")))
                .hasMessageContaining("--source names no source");
        assertThatThrownBy(() -> ResetCursor.run(environment(good), List.of("--to", "1")))
                .hasMessageContaining("usage: reset-cursor");
        try (TestRelay relay = TestRelay.start(good)) {
            relay.awaitLeading(good);
            assertThatThrownBy(() -> resetCursor(good, "0")).hasMessageContaining("stop it first");
        }
    }

    private static void awaitRefusal(TestRelay relay, TestSource source, String reason) {
        await().atMost(PATIENCE)
                .until(() ->
                        String.valueOf(relay.check(source).getString("detail")).contains(reason));
        assertThat(relay.check(source).getString("status")).isEqualTo("degraded");
        assertThat(relay.metric("doorbell_relay_leader", source)).isEqualTo("0.0");
    }

    private static void resetCursor(TestSource source, String to) {
        ResetCursor.run(environment(source), List.of("--source", source.name, "--to", to));
    }

    private static Environment environment(TestSource source) {
        return new Environment(TestRelay.environment(Map.of(), source));
    }
}
