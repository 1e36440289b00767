/**
 * Real PostgreSQL, Kafka and Keycloak as child processes, for running and testing without Docker.
 *
 * <p>It knows no service: {@link dev.doorbell.localstack.LocalStack} starts PostgreSQL and Kafka,
 * {@link dev.doorbell.localstack.LocalPostgres}, {@link dev.doorbell.localstack.LocalKafka} and
 * {@link dev.doorbell.localstack.LocalKeycloak}, which takes longest and is not always needed, one each.
 *
 * <p>What happens on failure: a start that fails stops and deletes what it began and throws a
 * {@link dev.doorbell.localstack.LocalStackException} with one line. When this JVM ends without closing, by Ctrl-C,
 * SIGTERM, {@code System.exit} or kill -9, a reaper process ({@link dev.doorbell.localstack.ReaperMain}) notices the end
 * of its standard input, stops the servers and deletes ephemeral directories, usually within two seconds. Shutdown hooks
 * of the program therefore still find the servers running.
 */
package dev.doorbell.localstack;
