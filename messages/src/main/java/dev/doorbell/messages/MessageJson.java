package dev.doorbell.messages;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Payloads as JSON. Unknown fields are ignored, so that a producer can add one before its consumers know it; a missing
 * one is refused by the record's own constructor. Money travels as a decimal string, never as a JSON number that a
 * reader might take for a double.
 */
public final class MessageJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withConfigOverride(
                    BigDecimal.class, config -> config.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING)))
            .build();

    private MessageJson() {}

    public static byte[] encode(Record message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "cannot encode " + message.getClass().getSimpleName(), e);
        }
    }

    /** @throws IllegalArgumentException for bytes that are not such a message; its text does not repeat them */
    public static <T extends Record> T decode(byte[] payload, Class<T> type) {
        try {
            T message = MAPPER.readValue(payload, type);
            if (message != null) {
                return message;
            }
        } catch (IOException e) {
            // Jackson's own message quotes the input, which may hold personal data: neither it nor e goes on.
        }
        throw new IllegalArgumentException("The payload is not a " + type.getSimpleName() + ".");
    }
}
