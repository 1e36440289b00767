package dev.doorbell.customer.api;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.WatchRegistrations;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class RegistrationRoutesTest {
    private static final String WAITING =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    /** Vert.x calls no close handler that is set after the connection was closed. */
    @Test
    void aClientThatLeavesWhileTheRegistrationIsLookedUpIsNotWatchedFor(Vertx vertx) {
        Pool pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        WatchRegistrations watch = new WatchRegistrations(vertx, pool, new CustomerStore());
        Router router = Router.router(vertx);
        new RegistrationRoutes(vertx, new FindCustomer(pool, new CustomerStore()), watch).mount(router);
        Promise<Void> left = Promise.promise();
        HttpServer server = get(vertx.createHttpServer()
                .requestHandler(router)
                .connectionHandler(connection -> connection.closeHandler(closed -> left.complete()))
                .listen(0));
        UUID id = UUID.randomUUID();
        get(pool.query("""
                        INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru)
                        VALUES ('%s', 'Ada', 'Sample', 'ada', 'visa', '1111', '2030-01-31')
                        """.formatted(id)).execute());

        SqlConnection blocker = get(pool.getConnection());
        Transaction transaction = get(blocker.begin());
        get(blocker.query("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE").execute());
        NetSocket client = get(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
        client.write("GET /registrations/" + id + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
        await().until(() -> count(pool, WAITING) == 1);
        client.close();
        get(left.future());
        get(transaction.commit());
        get(blocker.close());

        // The lookup's answer comes a moment after it has stopped waiting; a watcher that it leaves would stay.
        await().until(() -> count(pool, WAITING) == 0);
        await().during(Duration.ofMillis(500)).until(() -> watch.count() == 0);
        assertThat(watch.count()).isZero();
    }
}
