package dev.doorbell.customer;

import dev.doorbell.outbox.ConsumerListener;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.ReplayCommand;
import dev.doorbell.service.Service;
import dev.doorbell.service.ServiceSettings;
import java.util.List;

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
                .command("migrate", "creates or updates the tables of DATABASE_URL", CustomerMain::migrate)
                .command(ReplayCommand.USAGE, ReplayCommand.DESCRIPTION, CustomerMain::replay)
                .main(args);
    }

    private static void migrate(Environment environment, List<String> arguments) {
        DatabaseUrl url = environment.get(ServiceSettings.DATABASE_URL);
        environment.check();
        Service.printMigrated(url, new Migrations(url, MIGRATIONS).migrate());
    }

    private static void replay(Environment environment, List<String> arguments) {
        CustomerConfig config = CustomerConfig.read(environment);
        ReplayCommand.run(
                config.databaseUrl(),
                arguments,
                (vertx, pool) -> CustomerVerticle.consumer(vertx, pool, config, ConsumerListener.NONE));
    }
}
