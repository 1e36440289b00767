package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;

import dev.doorbell.customer.domain.CardNumber;
import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.Username;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.RegistrationRow;
import dev.doorbell.outbox.UuidV7;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance's {@link RegisterCustomer} on the event loop that it belongs to, for a test's own thread. */
final class SignUps {
    static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    static final long PENDING_MAX = 1_000_000;

    /** The rows of each batch that was committed, and of each that went one by one. */
    final List<Integer> committed = new CopyOnWriteArrayList<>();

    final List<Integer> repeated = new CopyOnWriteArrayList<>();
    final PendingRegistrations pending;
    private final Context context;
    private final RegisterCustomer register;

    /** What a test changes of the service's own limits. */
    record Limits(int transactionsMax, Duration lockTimeout, Duration waitMax, long pendingMax) {
        /** Longer locks than the service allows itself: what a slow machine takes must not look like a deadlock. */
        static final Limits DEFAULT = new Limits(3, Duration.ofSeconds(20), Duration.ofSeconds(20), PENDING_MAX);
    }

    SignUps(Vertx vertx, Pool pool) {
        this(vertx, pool, Limits.DEFAULT);
    }

    SignUps(Vertx vertx, Pool pool, Limits limits) {
        this(vertx, pool, limits, Optional.of(IdentityOutcome.NOT_REQUIRED));
    }

    SignUps(Vertx vertx, Pool pool, Limits limits, Optional<IdentityOutcome> initialIdentity) {
        context = vertx.getOrCreateContext();
        CustomerStore store = new CustomerStore();
        pending = new PendingRegistrations(vertx, pool, store, limits.pendingMax());
        register = new RegisterCustomer(
                vertx,
                pool,
                store,
                initialIdentity,
                pending,
                new RegisterCustomer.Batching(
                        limits.transactionsMax(), limits.lockTimeout(), limits.waitMax(), new RegistrationListener() {
                            @Override
                            public void committed(int rows) {
                                committed.add(rows);
                            }

                            @Override
                            public void repeated(int rows) {
                                repeated.add(rows);
                            }
                        }));
    }

    Future<RegisterCustomer.Result> register(String username) {
        return inOneTick(customer(username)).get(0);
    }

    List<Future<RegisterCustomer.Result>> inOneTick(String... usernames) {
        return inOneTick(
                List.of(usernames).stream().map(SignUps::customer).toList().toArray(NewCustomer[]::new));
    }

    /** All are there before the event loop's task has ended. */
    List<Future<RegisterCustomer.Result>> inOneTick(NewCustomer... customers) {
        List<Promise<RegisterCustomer.Result>> answers = new ArrayList<>();
        for (int i = 0; i < customers.length; i++) {
            answers.add(Promise.promise());
        }
        context.runOnContext(go -> {
            for (int i = 0; i < customers.length; i++) {
                register.register(customers[i]).onComplete(answers.get(i));
            }
        });
        return answers.stream().map(Promise::future).toList();
    }

    UUID registered(String username) {
        return ((RegisterCustomer.Result.Accepted) get(register(username))).id();
    }

    /** Begins or ends to count what is pending, and waits until it has begun or ended. */
    void onContext(Runnable action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(go -> {
            action.run();
            done.complete();
        });
        get(done.future());
    }

    static RegistrationRow row(NewCustomer customer) {
        UUID id = UuidV7.create();
        return new RegistrationRow(id, customer, RegistrationEvents.pending(id, customer));
    }

    static NewCustomer customer(String username) {
        return customer(username, "Ada");
    }

    static NewCustomer customer(String username, String firstName) {
        return new NewCustomer(
                firstName,
                "Sample",
                Username.parse(username).orElseThrow(),
                CardNumber.parse("4111111111111111").orElseThrow(),
                "A Sample",
                LocalDate.of(2030, 1, 31),
                new BigDecimal("100.00"),
                TRACEPARENT);
    }
}
