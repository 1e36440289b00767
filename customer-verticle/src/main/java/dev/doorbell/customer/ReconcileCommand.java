package dev.doorbell.customer;

import dev.doorbell.customer.domain.DriftKind;
import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.customer.keycloak.KeycloakIdentityProvider;
import dev.doorbell.customer.usecase.ReconcileIdentities;
import dev.doorbell.customer.usecase.ReconcileListener;
import dev.doorbell.customer.usecase.ReconcileReport;
import dev.doorbell.service.ConfigException;
import dev.doorbell.service.Database;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Migrations;
import dev.doorbell.service.StartException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/**
 * The command {@code reconcile}: compares at once and prints what it finds, a line each and a summary. Repairs are work
 * for the running services, but for users of customers that there are not, which it removes itself.
 */
final class ReconcileCommand implements ReconcileListener {
    static final String USAGE = "reconcile [--repair[=KIND,...]] [--continue]";
    static final String DESCRIPTION = "compares customers with the identity provider's users";

    /** Customers and users agree. */
    static final int NOTHING_FOUND = 0;
    /** What was found is left, all or some of it. */
    static final int FOUND = 2;
    /** All that was found is being repaired. */
    static final int REPAIRED = 3;
    /** Another run is under way, of this command or of a service. */
    static final int BUSY = 4;

    private static final int CONNECTIONS = 2;
    private static final String REPAIR = "--repair";
    private static final String CONTINUE = "--continue";

    private record Arguments(Set<DriftKind> repair, boolean goOn) {}

    private ReconcileCommand() {}

    /** @return the exit code */
    static int run(Environment environment, List<String> arguments) {
        Arguments parsed = parse(arguments);
        CustomerConfig config = CustomerConfig.read(environment);
        KeycloakConfig keycloak = config.identity()
                .map(IdentityConfig::keycloak)
                .orElseThrow(() -> new ConfigException("IDENTITY_PROVIDER is none, so there are no users to compare"));
        List<String> pending = new Migrations(config.databaseUrl(), CustomerMain.MIGRATIONS).pending();
        if (!pending.isEmpty()) {
            throw new StartException("The schema of " + config.databaseUrl() + " lacks " + String.join(", ", pending)
                    + "; run java -jar customer-verticle.jar migrate");
        }
        Vertx vertx = Vertx.vertx();
        try {
            Pool pool = Database.pool(vertx, config.databaseUrl(), "reconcile", CONNECTIONS);
            Promise<Optional<ReconcileReport>> end = Promise.promise();
            // What it is made of belongs to one event loop.
            vertx.runOnContext(go -> new ReconcileIdentities(
                            vertx,
                            pool,
                            new KeycloakIdentityProvider(vertx, keycloak).directory(),
                            config.reconcile().repairing(parsed.repair()),
                            new ReconcileCommand())
                    .run(parsed.goOn())
                    .onComplete(end));
            return tell(await(end.future()), parsed.repair().isEmpty());
        } finally {
            vertx.close();
        }
    }

    private static Arguments parse(List<String> arguments) {
        Set<DriftKind> repair = Set.of();
        boolean goOn = false;
        for (String argument : arguments) {
            if (argument.equals(CONTINUE)) {
                goOn = true;
            } else if (argument.equals(REPAIR)) {
                repair = DriftKind.ALL_REPAIRS;
            } else if (argument.startsWith(REPAIR + "=")) {
                repair = kinds(argument.substring(REPAIR.length() + 1));
            } else {
                throw new ConfigException("the form is " + USAGE);
            }
        }
        return new Arguments(repair, goOn);
    }

    private static Set<DriftKind> kinds(String text) {
        try {
            return ReconcileSettings.repairs(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(REPAIR + " " + e.getMessage());
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new StartException(e.getCause().getMessage() + "; with " + CONTINUE + " it goes on there");
        }
    }

    private static int tell(Optional<ReconcileReport> run, boolean reportsOnly) {
        if (run.isEmpty()) {
            System.out.println("Another comparison is under way.");
            return BUSY;
        }
        ReconcileReport report = run.get();
        System.out.println((report.continued() ? "Went on and compared " : "Compared ") + report.users()
                + " users with customers and " + report.customers() + " customers with users.");
        if (report.foundCount() == 0) {
            System.out.println("They agree.");
            return NOTHING_FOUND;
        }
        for (DriftKind kind : DriftKind.values()) {
            if (report.found().containsKey(kind)) {
                System.out.printf(
                        "%6d %s, %d repaired%n",
                        report.found().get(kind),
                        kind.label(),
                        report.repaired().getOrDefault(kind, 0));
            }
        }
        if (reportsOnly) {
            System.out.println("Nothing was changed; " + REPAIR + " has it repaired.");
        }
        if (report.left(DriftKind.UNKNOWN_CUSTOMER) > 0) {
            System.out.println(
                    "Users of unknown customers are removed only where that is named: is the realm ours alone?");
        }
        return report.repairedCount() == report.foundCount() ? REPAIRED : FOUND;
    }

    @Override
    public void found(DriftKind kind, UUID customerId, String userId) {
        System.out.println("found " + line(kind, customerId, userId));
    }

    @Override
    public void repaired(DriftKind kind, UUID customerId, String userId) {
        System.out.println("repaired " + line(kind, customerId, userId));
    }

    private static String line(DriftKind kind, UUID customerId, String userId) {
        return kind.label() + " customer=" + customerId + (userId == null ? "" : " user=" + userId);
    }
}
