-- Rings only for a relay that leads and sleeps. A transaction that notifies commits alone, its WAL flush included, so a
-- bell that rang for every insert would slow all writers to a third. The relay's session holds two advisory locks, whose
-- keys are written here as constants: LEADER (1146048338, "DOOR") for as long as it leads, AWAKE (1111837772, "BELL")
-- while it reads anyway; 537502032 is the CRC-32 of 'public.outbox'. Locks are not MVCC: what the probes see is right at
-- every isolation level. In the WHEN clause, so that plpgsql is not even entered while the relay is awake; CASE, because
-- AND would leave the order of evaluation open. A probe lets go at once: kept until the end of the transaction, it would
-- keep the relay from becoming awake. While no relay leads nobody is rung: a new leader reads everything, and waits for
-- all transactions that had begun to write, before it sleeps for the first time.
--
-- Replacing the trigger waits for all writers, and those that come wait behind it: rather fail, to be run again.
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER outbox_ring AFTER INSERT ON outbox FOR EACH STATEMENT
    WHEN (CASE
        WHEN NOT pg_try_advisory_lock_shared(1111837772, 537502032) THEN false
        WHEN NOT pg_advisory_unlock_shared(1111837772, 537502032) THEN true
        WHEN pg_try_advisory_lock_shared(1146048338, 537502032)
            THEN NOT pg_advisory_unlock_shared(1146048338, 537502032)
        ELSE true
    END)
    EXECUTE FUNCTION outbox_ring();

COMMENT ON TRIGGER outbox_ring ON outbox IS 'Wakes a relay that leads and sleeps; silent otherwise.';
