/**
 * Measures our relay beside other ways from an outbox table to Kafka, and beside what the machine can do at all. Starts
 * with {@link dev.doorbell.benchmarks.BenchmarksMain}; the method stands in docs/benchmarks.md.
 */
package dev.doorbell.benchmarks;
