package dev.doorbell.outbox;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Kafka headers as {@code dead_letter.record_headers} keeps them: in order, repeated names too, values as base64. */
final class HeadersJson {
    private HeadersJson() {}

    static JsonArray toJson(Headers headers) {
        JsonArray list = new JsonArray();
        for (Header header : headers) {
            String value = header.value() == null ? null : Base64.getEncoder().encodeToString(header.value());
            // jsonb cannot hold a NUL character, and a record that cannot be kept would block its partition.
            list.add(new JsonArray().add(header.key().replace('\0', '\uFFFD')).add(value));
        }
        return list;
    }

    static List<Header> fromJson(JsonArray list) {
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonArray pair = list.getJsonArray(i);
            String value = pair.getString(1);
            headers.add(new RecordHeader(
                    pair.getString(0),
                    value == null ? null : Base64.getDecoder().decode(value)));
        }
        return headers;
    }
}
