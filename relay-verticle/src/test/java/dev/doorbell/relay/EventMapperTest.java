package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.service.DatabaseUrl;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventMapperTest {
    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final EventMapper MAPPER = new EventMapper(source(HeaderStyle.CLOUDEVENTS));

    @Test
    void makesACloudEventInBinaryMode() {
        JsonObject own = new JsonObject()
                .put("ce_dataschema", "v2")
                .put("ce_id", "forged")
                .put("traceparent", "forged")
                .put("attempt", 3)
                .putNull("nothing");
        OutboundEvent event = MAPPER.map(row(null, new byte[] {1, 2}, own));

        assertThat(event.topic()).isEqualTo("outbox.event.customer");
        assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo("Ünal-7");
        assertThat(event.value()).containsExactly(1, 2);
        assertThat(headers(event))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", ID.toString(),
                        "ce_type", "CustomerRegisteredEvent",
                        "ce_source", "/customers",
                        "ce_subject", "Ünal-7",
                        "ce_time", "2026-03-01T10:00:00.123456Z",
                        "ce_sequence", "42",
                        "content-type", "application/json",
                        "ce_dataschema", "v2",
                        "attempt", "3"));
    }

    @Test
    void theRowsTopicWinsOverTheTemplate() {
        assertThat(MAPPER.map(row("elsewhere", new byte[0], null)).topic()).isEqualTo("elsewhere");
    }

    @Test
    void boundsTheRecordsSizeFromAbove() {
        byte[] payload = new byte[1_000];
        OutboundEvent event = MAPPER.map(row(null, payload, null));
        long least = payload.length + event.key().length;
        for (var header : event.headers()) {
            least += header.key().length() + header.value().length;
        }
        assertThat(event.bytes())
                .isBetween(least + 82, least + 82 + 10L * event.headers().size());
    }

    private static SourceConfig source(HeaderStyle style) {
        return new SourceConfig(
                "customers",
                DatabaseUrl.parse("postgresql://u:p@db/c"),
                "outbox.event.{aggregate_type}",
                true,
                OutboxTable.OURS,
                style);
    }

    private static OutboxRow row(String topic, byte[] payload, JsonObject headers) {
        return new OutboxRow(
                42,
                ID.toString(),
                "customer",
                "Ünal-7",
                "CustomerRegisteredEvent",
                topic,
                payload,
                payload.length,
                "application/json",
                null,
                headers == null ? Map.of() : headers.getMap(),
                OffsetDateTime.parse("2026-03-01T12:00:00.123456+02:00"));
    }

    private static Map<String, String> headers(OutboundEvent event) {
        Map<String, String> headers = new LinkedHashMap<>();
        event.headers()
                .forEach(header -> assertThat(
                                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)))
                        .isNull());
        return headers;
    }
}
