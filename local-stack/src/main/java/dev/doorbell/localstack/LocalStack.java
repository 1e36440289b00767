package dev.doorbell.localstack;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** PostgreSQL and Kafka, started at once and closed together. */
public final class LocalStack implements AutoCloseable {
    private final LocalPostgres postgres;
    private final LocalKafka kafka;

    private LocalStack(LocalPostgres postgres, LocalKafka kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** Ephemeral, on free ports. */
    public static LocalStack start(Progress progress) {
        return start(
                LocalPostgres.Options.defaults().withProgress(progress),
                LocalKafka.Options.defaults().withProgress(progress));
    }

    /** On free ports, with the data kept in {@code postgresql} and {@code kafka} of the directory. */
    public static LocalStack startIn(Path directory, Progress progress) {
        return start(
                LocalPostgres.Options.defaults()
                        .withDirectory(directory.resolve("postgresql"))
                        .withProgress(progress),
                LocalKafka.Options.defaults()
                        .withDirectory(directory.resolve("kafka"))
                        .withProgress(progress));
    }

    /** Returns when both are ready. When one cannot be started, the other is closed and the failure is thrown. */
    public static LocalStack start(LocalPostgres.Options postgres, LocalKafka.Options kafka) {
        ExecutorService starters = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<LocalPostgres> first =
                    CompletableFuture.supplyAsync(() -> LocalPostgres.start(postgres), starters);
            CompletableFuture<LocalKafka> second =
                    CompletableFuture.supplyAsync(() -> LocalKafka.start(kafka), starters);
            // Both have come to their end, whichever way, before anything is closed.
            CompletableFuture.allOf(first, second)
                    .exceptionally(failure -> null)
                    .join();
            if (first.isCompletedExceptionally() || second.isCompletedExceptionally()) {
                first.thenAccept(LocalPostgres::close);
                second.thenAccept(LocalKafka::close);
            }
            return new LocalStack(first.join(), second.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof LocalStackException failure) {
                throw failure;
            }
            throw e;
        } finally {
            starters.shutdown();
        }
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public LocalKafka kafka() {
        return kafka;
    }

    /** Closes both. */
    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgres.close();
        }
    }
}
