/**
 * The real processes under test and what a test does with them: {@link dev.doorbell.system.harness.RunningSystem} starts
 * PostgreSQL, Kafka and the three fat jars; {@link dev.doorbell.system.harness.SystemExtension} shares one of them among
 * all test classes and ends it after the last.
 */
package dev.doorbell.system.harness;
