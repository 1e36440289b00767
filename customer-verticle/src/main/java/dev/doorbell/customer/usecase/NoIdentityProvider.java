package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityOutcome;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code IDENTITY_PROVIDER=none}: registrations need no user. No request is ever written, so it is never called. */
public final class NoIdentityProvider implements IdentityProvider {
    @Override
    public Optional<IdentityOutcome> initialOutcome() {
        return Optional.of(IdentityOutcome.NOT_REQUIRED);
    }

    @Override
    public int capacity() {
        return 0;
    }

    @Override
    public Future<Permit> permit() {
        return none();
    }

    @Override
    public Future<Void> probe() {
        return none();
    }

    @Override
    public Future<Provisioned> provision(Permit permit, User user, String userId) {
        return none();
    }

    @Override
    public Future<Void> disable(Permit permit, User user, String userId) {
        return none();
    }

    @Override
    public Future<Provisioned> enable(Permit permit, User user, String userId) {
        return none();
    }

    @Override
    public Future<Void> remove(Permit permit, User user, String userId) {
        return none();
    }

    @Override
    public Future<PasswordAnswer> setPassword(Permit permit, User user, String userId, String password) {
        return none();
    }

    private static <T> Future<T> none() {
        return Future.failedFuture(new IllegalStateException("There is no identity provider."));
    }
}
