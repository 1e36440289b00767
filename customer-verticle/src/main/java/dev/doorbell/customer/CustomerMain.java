package dev.doorbell.customer;

import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.outbox.EventConsumer;
import dev.doorbell.service.DeadLetterCommands;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Service;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.function.BiFunction;

/** The customer service as a process. */
public final class CustomerMain {
    /** The service's migrations below {@code db/}. */
    public static final String MIGRATIONS = "customers";

    private CustomerMain() {}

    public static void main(String[] args) {
        new Service(
                        "customer-verticle",
                        "registers customers over HTTP and leads the registration saga",
                        CustomerConfig.SETTINGS,
                        (environment, metrics) -> new CustomerVerticle(CustomerConfig.read(environment), metrics))
                .migrateCommand(MIGRATIONS)
                .command(DeadLetterCommands.REPLAY, DeadLetterCommands.REPLAY_DESCRIPTION, CustomerMain::replay)
                .command(DeadLetterCommands.DISCARD, DeadLetterCommands.DISCARD_DESCRIPTION, CustomerMain::discard)
                .checkCommand(ReconcileCommand.USAGE, ReconcileCommand.DESCRIPTION, ReconcileCommand::run)
                .main(args);
    }

    private static void replay(Environment environment, List<String> arguments) {
        CustomerConfig config = CustomerConfig.read(environment);
        DeadLetterCommands.replay(config.databaseUrl(), arguments, consumer(config));
    }

    private static void discard(Environment environment, List<String> arguments) {
        CustomerConfig config = CustomerConfig.read(environment);
        DeadLetterCommands.discard(config.databaseUrl(), arguments, consumer(config));
    }

    private static BiFunction<Vertx, Pool, EventConsumer> consumer(CustomerConfig config) {
        return (vertx, pool) -> CustomerVerticle.consumer(vertx, pool, config, ConsumerListener.NONE);
    }
}
