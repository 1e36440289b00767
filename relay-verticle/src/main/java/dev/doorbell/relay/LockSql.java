package dev.doorbell.relay;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The advisory lock LEADER of an outbox: whoever's session holds it publishes. Advisory locks belong to a database, so
 * sources in different databases never meet.
 */
final class LockSql {
    /** "DOOR" in ASCII: the class of all our advisory locks. */
    static final int LOCK_CLASS = 0x444F4F52;
    /** One per outbox table. */
    static final int LEADER = crc32(OutboxSql.TABLE);

    /** Never the waiting form: a session that waits inside a statement pins backend_xmin and stops VACUUM. */
    static final String TRY_LEAD = "SELECT pg_try_advisory_lock($1, $2) AS leader";

    private LockSql() {}

    private static int crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
