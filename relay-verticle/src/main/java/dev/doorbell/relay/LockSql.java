package dev.doorbell.relay;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The advisory locks of an outbox, each a class of ours and a key per table. LEADER: whoever's session holds it
 * publishes. AWAKE: the leader reads anyway, nobody need ring. Writers probe both in the trigger, which has the numbers
 * as constants. Advisory locks belong to a database, so sources in different databases never meet.
 *
 * <p>Never the waiting form: a session that waits inside a statement pins backend_xmin and stops VACUUM.
 */
final class LockSql {
    /** "DOOR" in ASCII. */
    static final int LEADER = 0x444F4F52;
    /** "BELL" in ASCII. */
    static final int AWAKE = 0x42454C4C;

    static final String TRY_LEAD = "SELECT pg_try_advisory_lock($1, $2) AS leader";

    static final String TRY_AWAKE = "SELECT pg_try_advisory_lock($1, $2) AS awake";
    /** False, and a warning, when the lock was not held. */
    static final String LEAVE_AWAKE = "SELECT pg_advisory_unlock($1, $2) AS was_awake";

    private LockSql() {}

    /** How the trigger asks for a lock, as PostgreSQL writes its definition. */
    static String probe(int lock, int key) {
        // A negative constant is written as text with its type.
        return "pg_try_advisory_lock_shared(" + lock + ", " + (key < 0 ? "'" + key + "'::integer" : key) + ")";
    }

    /** One per outbox table: the CRC-32 of schema.table. */
    static int key(String table) {
        CRC32 crc = new CRC32();
        crc.update(table.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
