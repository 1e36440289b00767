package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.outbox.UuidV7;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.TransactionRollbackException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step "create customer": the customer, the claim on the username and the event, in one transaction. The answer is
 * given only after its commit.
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
    }

    /** Connection exceptions, statement_completion_unknown, and a server that shuts down or ends the session. */
    private static final List<String> LEAVE_IT_OPEN = List.of("08", "40003", "57P0");

    private final Pool pool;
    private final CustomerStore store;
    private final Outbox outbox;
    private final Optional<IdentityOutcome> initialIdentity;

    /** @param initialIdentity NOT_REQUIRED without an identity provider, empty when one is awaited */
    public RegisterCustomer(Pool pool, CustomerStore store, Outbox outbox, Optional<IdentityOutcome> initialIdentity) {
        this.pool = pool;
        this.store = store;
        this.outbox = outbox;
        this.initialIdentity = initialIdentity;
    }

    /** A failure means that there is no customer. */
    public Future<Result> register(NewCustomer customer) {
        UUID id = UuidV7.create();
        AtomicBoolean committing = new AtomicBoolean();
        return pool.withTransaction(connection -> insert(connection, id, customer)
                        .map(result -> {
                            committing.set(result instanceof Result.Accepted);
                            return result;
                        }))
                .recover(failure -> committing.get() && !isAnswer(failure)
                        ? Future.succeededFuture(unknown(id, failure))
                        : Future.failedFuture(failure));
    }

    private Future<Result> insert(SqlConnection connection, UUID id, NewCustomer customer) {
        return store.insert(connection, id, customer, initialIdentity)
                .compose(inserted -> inserted
                        ? outbox.append(connection, RegistrationEvents.pending(id, customer))
                                .map(accepted(id, customer))
                        : Future.succeededFuture(new Result.UsernameTaken()));
    }

    /**
     * PostgreSQL itself says that it did not commit. Whatever else fails is the connection that should have said so, also
     * when a pooler in between reports it as an error of class 08, or the server ends the session while the commit that
     * it has written waits for a synchronous standby.
     */
    private static boolean isAnswer(Throwable failure) {
        if (failure instanceof PgException error) {
            String state = error.getSqlState() == null ? "" : error.getSqlState();
            return LEAVE_IT_OPEN.stream().noneMatch(state::startsWith);
        }
        return failure instanceof TransactionRollbackException;
    }

    private static Result unknown(UUID id, Throwable failure) {
        log.warn("Nobody knows whether registration {} was committed: {}", id, failure.toString());
        return new Result.Unknown(id);
    }

    private static Result accepted(UUID id, NewCustomer customer) {
        return new Result.Accepted(id, customer.username().canonical(), RegistrationStatus.REGISTRATION_PENDING);
    }
}
