package dev.doorbell.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Events' ids as the table {@code dead_letter} keeps them, whose column is a uuid. */
final class EventIds {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private EventIds() {}

    /** The id itself when it is a uuid of any version, else its MD5 hash, as {@link SourceSql#letterId} has it. */
    static UUID letterId(String eventId) {
        if (UUID_FORM.matcher(eventId).matches()) {
            return UUID.fromString(eventId);
        }
        try {
            // For identity, not for secrecy: it only tells rows apart that have the same number.
            byte[] hash = MessageDigest.getInstance("MD5").digest(eventId.getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.wrap(hash);
            return new UUID(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
