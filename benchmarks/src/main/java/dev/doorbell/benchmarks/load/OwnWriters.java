package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.lab.Lab;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thread per connection over JDBC, which takes more of the machine than pgbench does: its rates are lower. */
final class OwnWriters implements Writers {
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public String description() {
        return "own loader over JDBC, because pgbench is not on the PATH";
    }

    @Override
    public Done write(Lab lab, Database database, WriterScript script, int connections, Duration duration) {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        long startedAt = System.nanoTime();
        List<Callable<Long>> writers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            writers.add(() -> writer(database, script, startedAt + duration.toNanos()));
        }
        try {
            long transactions = 0;
            for (Future<Long> writer : threads.invokeAll(writers)) {
                transactions += writer.get();
            }
            return new Done(transactions, transactions * NANOS_PER_SECOND / (System.nanoTime() - startedAt));
        } catch (ExecutionException e) {
            throw new BenchmarkException("writing", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while writing");
        } finally {
            threads.shutdownNow();
        }
    }

    private static long writer(Database database, WriterScript script, long until) throws SQLException {
        List<PreparedStatement> statements = new ArrayList<>();
        try (Connection connection = database.connect()) {
            boolean single = script.statements().size() == 1;
            connection.setAutoCommit(single);
            for (String statement : script.statements()) {
                statements.add(connection.prepareStatement(statement));
            }
            long transactions = 0;
            while (System.nanoTime() - until < 0) {
                for (PreparedStatement statement : statements) {
                    statement.executeUpdate();
                }
                if (!single) {
                    connection.commit();
                }
                transactions++;
            }
            return transactions;
        }
    }
}
