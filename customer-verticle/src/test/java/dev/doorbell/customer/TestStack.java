package dev.doorbell.customer;

import dev.doorbell.localstack.LocalStack;
import dev.doorbell.localstack.Progress;
import dev.doorbell.service.Database;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One PostgreSQL and one Kafka for all tests of the module; each test has a database of its own. */
public final class TestStack {
    private static final LocalStack STACK = LocalStack.start(Progress.none());

    private TestStack() {}

    public static String bootstrapServers() {
        return STACK.kafka().bootstrapServers();
    }

    /** An empty database. */
    public static DatabaseUrl newDatabase() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        STACK.postgres().createDatabase(name);
        return DatabaseUrl.parse(STACK.postgres().url(name));
    }

    /** A database with the service's tables. */
    public static DatabaseUrl newMigratedDatabase() {
        DatabaseUrl url = newDatabase();
        new Migrations(url, CustomerMain.MIGRATIONS).migrate();
        return url;
    }

    /** The settings of a service on {@code url} and the Kafka of all tests, at a free port. */
    public static Map<String, String> environment(DatabaseUrl url) {
        return Map.of(
                "HTTP_PORT",
                "0",
                "DATABASE_URL",
                "postgresql://" + url.user() + ":" + url.password() + "@" + url.host() + ":" + url.port() + "/"
                        + url.database(),
                "KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers(),
                "CONSUMER_GROUP",
                "group-" + UUID.randomUUID());
    }

    public static Pool pool(Vertx vertx, DatabaseUrl url) {
        return Database.pool(vertx, url, "test", 20);
    }

    public static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static long count(Pool pool, String fromAndWhere) {
        return get(pool.query("SELECT count(*) FROM " + fromAndWhere).execute())
                .iterator()
                .next()
                .getLong(0);
    }
}
