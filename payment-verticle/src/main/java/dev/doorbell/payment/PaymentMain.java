package dev.doorbell.payment;

import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.service.DeadLetterCommands;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Service;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import java.util.function.BiFunction;

/** The payment service as a process. */
public final class PaymentMain {
    /** The service's migrations below {@code db/}. */
    public static final String MIGRATIONS = "payments";

    private PaymentMain() {}

    public static void main(String[] args) {
        new Service(
                        "payment-verticle",
                        "authorises the registration fee and gives it back when the registration fails",
                        PaymentConfig.SETTINGS,
                        (environment, metrics) -> new PaymentVerticle(PaymentConfig.read(environment), metrics))
                .migrateCommand(MIGRATIONS)
                .command(DeadLetterCommands.REPLAY, DeadLetterCommands.REPLAY_DESCRIPTION, PaymentMain::replay)
                .command(DeadLetterCommands.DISCARD, DeadLetterCommands.DISCARD_DESCRIPTION, PaymentMain::discard)
                .main(args);
    }

    private static void replay(Environment environment, List<String> arguments) {
        PaymentConfig config = PaymentConfig.read(environment);
        DeadLetterCommands.replay(config.databaseUrl(), arguments, consumer(config));
    }

    private static void discard(Environment environment, List<String> arguments) {
        PaymentConfig config = PaymentConfig.read(environment);
        DeadLetterCommands.discard(config.databaseUrl(), arguments, consumer(config));
    }

    private static BiFunction<Vertx, Pool, EventConsumer> consumer(PaymentConfig config) {
        return (vertx, pool) -> PaymentVerticle.consumer(vertx, pool, config, ConsumerListener.NONE, Clock.systemUTC());
    }
}
