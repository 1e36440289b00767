package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.RegistrationRow;
import dev.doorbell.outbox.UuidV7;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step "create customer": the customer, the claim on the username and the event, in one transaction, which concurrent
 * registrations share. The answer is given only after its commit. Use from one event loop.
 */
public final class RegisterCustomer {
    private static final Logger log = LoggerFactory.getLogger(RegisterCustomer.class);

    /** How the attempt ended. */
    public sealed interface Result {
        /** Committed; the saga goes on by itself. */
        record Accepted(UUID id, String username, RegistrationStatus status) implements Result {}

        /** Somebody else has the name, or is just registering with it. */
        record UsernameTaken() implements Result {}

        /** The commit got no answer: the customer is there, or will be in a moment, or never. */
        record Unknown(UUID id) implements Result {}

        /** Refused at once and nothing done, because there is too much to do already. */
        record Busy(String detail, Duration retryAfter) implements Result {
            /** The database takes less than comes in. */
            static final Busy QUEUE =
                    new Busy("Too many registrations wait for the database. Try again.", Duration.ofSeconds(1));

            /** Passes no sooner than the sagas of those before have ended. */
            static final Busy PENDING =
                    new Busy("Too many registrations wait for their end. Try again later.", Duration.ofSeconds(10));
        }
    }

    private final PendingRegistrations pending;
    private final RegistrationQueue queue;

    /**
     * How registrations share transactions.
     *
     * @param transactionsMax how many batches may be under way at a time, a connection each
     * @param lockTimeout how long a batch may wait for a username that another transaction is just claiming; then its
     *     rows go one by one, each with the session's own limit
     * @param waitMax how long a registration may wait for a transaction to become free
     */
    public record Batching(
            int transactionsMax, Duration lockTimeout, Duration waitMax, RegistrationListener listener) {}

    /** @param initialIdentity NOT_REQUIRED without an identity provider, empty when one is awaited */
    public RegisterCustomer(
            Vertx vertx,
            Pool pool,
            CustomerStore store,
            Optional<IdentityOutcome> initialIdentity,
            PendingRegistrations pending,
            Batching batching) {
        this.pending = pending;
        RegistrationTransaction transaction =
                new RegistrationTransaction(pool, store, initialIdentity, batching.lockTimeout());
        this.queue = new RegistrationQueue(vertx, transaction, batching);
    }

    /** A failure means that there is no customer. */
    public Future<Result> register(NewCustomer customer) {
        if (queue.isFull()) {
            return Future.succeededFuture(Result.Busy.QUEUE);
        }
        if (pending.isFull()) {
            return Future.succeededFuture(Result.Busy.PENDING);
        }
        UUID id = UuidV7.create();
        RegistrationRow row = new RegistrationRow(id, customer, RegistrationEvents.pending(id, customer));
        pending.begun();
        return queue.add(row).onComplete(ended -> pending.ended(ended.succeeded() && mayBePending(ended.result())));
    }

    private static boolean mayBePending(Result result) {
        return result instanceof Result.Accepted || result instanceof Result.Unknown;
    }

    static Result answer(RegistrationRow row, Set<UUID> registered) {
        return registered.contains(row.id())
                ? new Result.Accepted(
                        row.id(), row.customer().username().canonical(), RegistrationStatus.REGISTRATION_PENDING)
                : new Result.UsernameTaken();
    }

    static Result unknown(RegistrationRow row, Throwable failure) {
        log.warn("Nobody knows whether registration {} was committed: {}", row.id(), failure.toString());
        return new Result.Unknown(row.id());
    }
}
