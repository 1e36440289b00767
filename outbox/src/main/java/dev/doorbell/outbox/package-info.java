/**
 * The library: {@link dev.doorbell.outbox.Outbox} appends events in the caller's transaction, the relay publishes
 * them, {@link dev.doorbell.outbox.EventConsumer} processes each once in effect.
 *
 * <p>Both work on tables that the migrations in {@code db/outbox} of the module {@code sql} make. No message of an
 * exception or of the log repeats a payload or a value of a header. {@code docs/use-the-library.md} shows a whole service.
 */
package dev.doorbell.outbox;
