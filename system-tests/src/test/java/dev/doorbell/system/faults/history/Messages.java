package dev.doorbell.system.faults.history;

import dev.doorbell.messages.MessageJson;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** The payloads of events as the messages that they are. */
final class Messages {
    private Messages() {}

    /** Whether the event's payload is such a message and says what it should. */
    static <T extends Record> boolean says(OutboxRow event, Class<T> type, Predicate<T> truth) {
        try {
            return truth.test(decode(event, type));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException when it is none */
    static <T extends Record> T decode(OutboxRow event, Class<T> type) {
        return MessageJson.decode(event.payload().getBytes(StandardCharsets.ISO_8859_1), type);
    }

    static List<String> types(List<OutboxRow> events) {
        return events.stream().map(OutboxRow::type).toList();
    }
}
