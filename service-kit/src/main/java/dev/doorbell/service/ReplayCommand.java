package dev.doorbell.service;

import dev.doorbell.outbox.EventConsumer;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** {@code replay --topic T --key K}: runs the dead letters of a key through the service's handlers again. */
public final class ReplayCommand {
    public static final String USAGE = "replay --topic T --key K";
    public static final String DESCRIPTION = "runs the dead letters of a key again, in order, and releases it";
    private static final long TIMEOUT_S = 600;
    private static final int CONNECTIONS = 1;

    private ReplayCommand() {}

    /**
     * Returns when all are replayed.
     *
     * @throws ConfigException for arguments that are not of the form
     * @throws StartException when a record cannot be processed still; it and those behind it stay dead letters
     */
    public static void run(DatabaseUrl url, List<String> arguments, BiFunction<Vertx, Pool, EventConsumer> consumer) {
        if (arguments.size() != 4
                || !arguments.get(0).equals("--topic")
                || !arguments.get(2).equals("--key")) {
            throw new ConfigException("the form is " + USAGE);
        }
        Vertx vertx = Vertx.vertx();
        Pool pool = Database.pool(vertx, url, "replay", CONNECTIONS);
        try {
            int replayed = consumer.apply(vertx, pool)
                    .replay(arguments.get(1), arguments.get(3))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT_S, TimeUnit.SECONDS);
            System.out.println(
                    replayed == 0 ? "There was nothing to replay." : replayed + " replayed, the key is free.");
        } catch (ExecutionException | TimeoutException e) {
            throw new StartException("the replay stopped, what is left stays as it was: " + Migrations.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the replay was interrupted");
        } finally {
            vertx.close();
        }
    }
}
