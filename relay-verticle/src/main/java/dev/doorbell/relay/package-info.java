/**
 * The relay: reads the outbox of each source in the order of seq and publishes it to Kafka, so that per aggregate the
 * first occurrences of its events arrive in the order of their commits.
 *
 * <p>{@link dev.doorbell.relay.SourceRelay} keeps one session per source and becomes its leader or stands by;
 * {@link dev.doorbell.relay.Leader} is a term of leadership on one session; {@link dev.doorbell.relay.Drain} runs within
 * it from one reading of the cursor to the first failure, and takes all memory of what was in work with it.
 * {@link dev.doorbell.relay.OutboxPosition} and {@link dev.doorbell.relay.GapSettler} hold the rules of order and gaps
 * and know neither PostgreSQL nor Kafka.
 */
package dev.doorbell.relay;
