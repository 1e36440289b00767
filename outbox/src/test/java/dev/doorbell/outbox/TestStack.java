package dev.doorbell.outbox;

import dev.doorbell.localstack.LocalKafka;
import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.localstack.LocalStack;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One PostgreSQL and one Kafka for all tests of the module; each test has a database of its own. */
final class TestStack {
    /** Started with its first use: a child JVM that only needs a pool starts none of its own. */
    private static final class Started {
        private static final LocalStack STACK = LocalStack.start(
                LocalPostgres.Options.defaults(),
                // Members that die are missed sooner than production brokers admit.
                LocalKafka.Options.defaults().withSetting("group.min.session.timeout.ms", "1000"));
    }

    private TestStack() {}

    static String bootstrapServers() {
        return Started.STACK.kafka().bootstrapServers();
    }

    static LocalKafka kafka() {
        return Started.STACK.kafka();
    }

    static LocalPostgres postgres() {
        return Started.STACK.postgres();
    }

    /** A new database with the outbox and inbox tables. */
    static Pool newDatabase(Vertx vertx) {
        return pool(vertx, newDatabaseUrl(vertx));
    }

    static String newDatabaseUrl(Vertx vertx) {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        Started.STACK.postgres().createDatabase(name);
        String url = Started.STACK.postgres().url(name);
        Pool pool = pool(vertx, url);
        get(pool.query(resource("/db/outbox/V1__outbox.sql")).execute());
        get(pool.query(resource("/db/outbox/V2__inbox.sql")).execute());
        get(pool.query(resource("/db/outbox/V3__dead_letter_per_event.sql")).execute());
        get(pool.query(resource("/db/outbox/V4__doorbell.sql")).execute());
        get(pool.close());
        return url;
    }

    static Pool pool(Vertx vertx, String url) {
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(PgConnectOptions.fromUri(url))
                .with(new PoolOptions().setMaxSize(6))
                .build();
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static long count(Pool pool, String fromAndWhere) {
        return get(pool.query("SELECT count(*) FROM " + fromAndWhere).execute())
                .iterator()
                .next()
                .getLong(0);
    }

    static Buffer text(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) {
        try (InputStream in = TestStack.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
