/**
 * The library: {@link dev.doorbell.outbox.Outbox} appends events in the caller's transaction, the relay publishes
 * them, {@link dev.doorbell.outbox.EventConsumer} processes each once in effect.
 */
package dev.doorbell.outbox;
