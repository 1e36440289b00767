package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.domain.RegistrationView;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.service.DatabaseUrl;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Watchers hear of the end, whatever becomes of the others and of a connection. */
@ExtendWith(VertxExtension.class)
class WatchRegistrationsTest {
    private final List<UUID> told = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Context loop;
    private DatabaseUrl url;
    private Pool pool;

    @BeforeEach
    void database(Vertx theVertx) {
        vertx = theVertx;
        loop = vertx.getOrCreateContext();
        url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
    }

    @Test
    void aWatcherThatThrowsHoldsUpNobodyElse() {
        UUID first = pending("first");
        UUID second = pending("second");
        WatchRegistrations watch = new WatchRegistrations(vertx, pool, new CustomerStore());
        watch(watch, first, view -> {
            throw new IllegalStateException("broken watcher");
        });
        watch(watch, first, view -> told.add(view.id()));
        watch(watch, second, view -> told.add(view.id()));
        settle(first);
        await().until(() -> told.contains(first));
        settle(second);
        await().until(() -> told.contains(second));
        assertThat(told).containsExactly(first, second);
    }

    @Test
    void aConnectionThatFallsSilentDoesNotEndTheLooking() {
        try (FaultProxy proxy = FaultProxy.start(url.port())) {
            Pool throughProxy = TestStack.pool(
                    vertx, new DatabaseUrl(url.host(), proxy.port(), url.database(), url.user(), url.password()));
            UUID id = pending("ada");
            get(throughProxy.query("SELECT 1").execute());
            proxy.silence();
            watch(new WatchRegistrations(vertx, throughProxy, new CustomerStore()), id, view -> told.add(view.id()));
            settle(id);
            await().atMost(Duration.ofSeconds(20)).until(() -> told.contains(id));
        }
    }

    private void watch(WatchRegistrations watch, UUID id, Consumer<RegistrationView> watcher) {
        loop.runOnContext(go -> watch.watch(id, watcher));
    }

    private UUID pending(String username) {
        UUID id = UUID.randomUUID();
        get(pool.query("""
                        INSERT INTO customer (id, first_name, last_name, username, card_brand, card_last_four, card_valid_thru)
                        VALUES ('%s', 'Ada', 'Sample', '%s', 'visa', '1111', '2030-01-31')
                        """.formatted(id, username)).execute());
        return id;
    }

    private void settle(UUID id) {
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now() WHERE id = '" + id
                        + "'")
                .execute());
    }
}
