package dev.doorbell.payment;

import dev.doorbell.localstack.LocalPostgres;
import dev.doorbell.payment.domain.Payment;
import dev.doorbell.payment.store.PaymentSql;
import dev.doorbell.service.Database;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A database of its own, migrated, on the one PostgreSQL of this JVM. */
public final class PaymentsDatabase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Started by the first test that asks; ends with the JVM. */
    private static final class Server {
        static final LocalPostgres POSTGRES = LocalPostgres.start(LocalPostgres.Options.defaults());
    }

    /** An event of the outbox, as far as the tests look at it. */
    public record Appended(
            String aggregateType, String aggregateId, String type, JsonObject payload, String traceparent) {}

    private final DatabaseUrl url;
    private final Pool pool;

    private PaymentsDatabase(DatabaseUrl url, Pool pool) {
        this.url = url;
        this.pool = pool;
    }

    /** An empty database: nothing is migrated. */
    public static String emptyUrl() {
        String name = "payments_" + NUMBER.incrementAndGet();
        Server.POSTGRES.createDatabase(name);
        return Server.POSTGRES.url(name);
    }

    public static PaymentsDatabase create(Vertx vertx) {
        DatabaseUrl url = DatabaseUrl.parse(emptyUrl());
        new Migrations(url, "payments").migrate();
        return new PaymentsDatabase(url, Database.pool(vertx, url, "test", 5));
    }

    /** In the form of DATABASE_URL. */
    public String urlText() {
        return "postgresql://" + url.user() + ":" + url.password() + "@" + url.host() + ":" + url.port() + "/"
                + url.database();
    }

    public Pool pool() {
        return pool;
    }

    public <T> T inTransaction(Function<SqlConnection, Future<T>> work) {
        return await(pool.withTransaction(work));
    }

    public List<Payment> payments(UUID customerId) {
        return await(new PaymentSql().findByCustomer(pool, customerId));
    }

    /** For tests that share a database, one after the other. */
    public void clear() {
        await(pool.query("TRUNCATE payment, version_file, outbox, inbox, dead_letter, parked_key")
                .execute());
    }

    /** Everything in the outbox, in the order of publication. */
    public List<Appended> events() {
        return await(pool.query("SELECT * FROM outbox ORDER BY seq").execute()).stream()
                .map(row -> new Appended(
                        row.getString("aggregate_type"),
                        row.getString("aggregate_id"),
                        row.getString("event_type"),
                        row.getBuffer("payload").toJsonObject(),
                        row.getString("traceparent")))
                .toList();
    }

    @Override
    public void close() {
        await(pool.close());
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
