package dev.doorbell.service;

import dev.doorbell.outbox.EventConsumer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/**
 * {@code replay --topic T --key K} runs the dead letters of a key through the service's handlers again; {@code discard}
 * drops the first of them, which can never be processed, so that those behind it can be replayed.
 */
public final class DeadLetterCommands {
    public static final String REPLAY = "replay --topic T --key K";
    public static final String REPLAY_DESCRIPTION = "runs the dead letters of a key again, in order, and releases it";
    public static final String DISCARD = "discard --topic T --key K";
    public static final String DISCARD_DESCRIPTION = "drops the first dead letter of a key";

    private static final long TIMEOUT_S = 600;
    private static final int CONNECTIONS = 1;

    private DeadLetterCommands() {}

    /**
     * Returns when all are replayed.
     *
     * @throws ConfigException for arguments that are not of the form
     * @throws StartException when a record cannot be processed still; it and those behind it stay dead letters
     */
    public static void replay(
            DatabaseUrl url, List<String> arguments, BiFunction<Vertx, Pool, EventConsumer> consumer) {
        int replayed = run(url, REPLAY, arguments, consumer, EventConsumer::replay);
        System.out.println(replayed == 0 ? "There was nothing to replay." : replayed + " replayed, the key is free.");
    }

    /**
     * Returns when the first is dropped.
     *
     * @throws ConfigException for arguments that are not of the form
     */
    public static void discard(
            DatabaseUrl url, List<String> arguments, BiFunction<Vertx, Pool, EventConsumer> consumer) {
        boolean discarded = run(url, DISCARD, arguments, consumer, EventConsumer::discardFirst);
        System.out.println(discarded ? "Dropped the first dead letter of the key." : "There was nothing to drop.");
    }

    private interface OfKey<T> {
        Future<T> run(EventConsumer consumer, String topic, String key);
    }

    private static <T> T run(
            DatabaseUrl url,
            String usage,
            List<String> arguments,
            BiFunction<Vertx, Pool, EventConsumer> consumer,
            OfKey<T> command) {
        if (arguments.size() != 4
                || !arguments.get(0).equals("--topic")
                || !arguments.get(2).equals("--key")) {
            throw new ConfigException("the form is " + usage);
        }
        Vertx vertx = Vertx.vertx();
        Pool pool = Database.pool(vertx, url, "dead-letters", CONNECTIONS);
        try {
            return command.run(consumer.apply(vertx, pool), arguments.get(1), arguments.get(3))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartException("stopped, what is left stays as it was: " + Migrations.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted");
        } finally {
            vertx.close();
        }
    }
}
