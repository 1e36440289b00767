package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.PasswordAttempt;
import dev.doorbell.customer.store.PasswordAttemptStore;
import dev.doorbell.customer.store.PasswordAttemptStore.WhyNot;
import dev.doorbell.customer.usecase.IdentityProvider.PasswordAnswer;
import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the first password of a customer whose registration has succeeded, for whoever has the registration's secret. The
 * password goes to the identity provider and nowhere else. A wrong secret is told by computing it, without a query or a call;
 * with the right one there are a few attempts, one at a time, over all instances. Use from one event loop.
 */
public final class SetPassword {
    private static final Logger log = LoggerFactory.getLogger(SetPassword.class);

    /** How the attempt ended. */
    public sealed interface Result {
        record Set() implements Result {}

        /** Not this registration's, or there is no such registration. */
        record WrongSecret() implements Result {}

        /** The registration is pending, or has failed. */
        record NotRegistered(RegistrationStatus status) implements Result {}

        record AlreadySet() implements Result {}

        record Expired() implements Result {}

        record TooManyAttempts() implements Result {}

        /** Another attempt of this registration has not ended, or may still take effect though it failed. */
        record UnderWay() implements Result {}

        /** By the identity provider's policy. @param detail says nothing of the password */
        record Refused(String detail) implements Result {}

        /** Try again; nothing is known to have been done. */
        record Unavailable() implements Result {}
    }

    /**
     * @param secretLife since the registration; then the secret is good for nothing
     * @param attemptsMax of a registration, with the right secret
     * @param concurrencyMax at a time, of this instance
     */
    public record Limits(Duration secretLife, int attemptsMax, int concurrencyMax) {
        private static final int ATTEMPTS_MAX = 10;
        private static final int CONCURRENCY_MAX = 8;

        public Limits(Duration secretLife) {
            this(secretLife, ATTEMPTS_MAX, CONCURRENCY_MAX);
        }
    }

    private final Pool pool;
    private final PasswordAttemptStore attempts = new PasswordAttemptStore();
    private final IdentityProvider provider;
    private final RegistrationSecrets secrets;
    private final Limits limits;
    private int inWork;

    public SetPassword(Pool pool, IdentityProvider provider, RegistrationSecrets secrets, Limits limits) {
        this.pool = pool;
        this.provider = provider;
        this.secrets = secrets;
        this.limits = limits;
    }

    /** A failure is the database's. */
    public Future<Result> set(UUID registration, String secret, String password) {
        if (!secrets.matches(registration, secret)) {
            return Future.succeededFuture(new Result.WrongSecret());
        }
        if (inWork >= limits.concurrencyMax() || provider.capacity() == 0) {
            return Future.succeededFuture(new Result.Unavailable());
        }
        inWork++;
        return provider.permit()
                .compose(permit -> attempt(permit, registration, password))
                .recover(SetPassword::unavailable)
                .onComplete(ended -> inWork--);
    }

    private static Future<Result> unavailable(Throwable failure) {
        if (failure instanceof IdentityProviderException e) {
            log.info("A password could not be set: {}", e.getMessage());
            return Future.succeededFuture(new Result.Unavailable());
        }
        return Future.failedFuture(failure);
    }

    private Future<Result> attempt(Permit permit, UUID registration, String password) {
        return attempts.begin(pool, registration, limits.secretLife(), limits.attemptsMax(), permit.life())
                .compose(begun -> begun.isPresent()
                        ? call(permit, begun.get(), password)
                        : attempts.whyNot(pool, registration, limits.secretLife())
                                .map(SetPassword::whyNot));
    }

    private static Result whyNot(Optional<WhyNot> found) {
        if (found.isEmpty()) {
            return new Result.WrongSecret();
        }
        WhyNot why = found.get();
        if (why.status() != RegistrationStatus.REGISTRATION_SUCCESS) {
            return new Result.NotRegistered(why.status());
        }
        if (why.done()) {
            return new Result.AlreadySet();
        }
        if (why.expired()) {
            return new Result.Expired();
        }
        return why.busy() ? new Result.UnderWay() : new Result.TooManyAttempts();
    }

    /** What had no answer may still take effect, and keeps others out until it cannot any more. */
    private Future<Result> call(Permit permit, PasswordAttempt attempt, String password) {
        IdentityProvider.User user = new IdentityProvider.User(
                attempt.customerId(), attempt.username(), attempt.firstName(), attempt.lastName());
        return provider.setPassword(permit, user, attempt.userId(), password)
                .compose(
                        answer -> ended(attempt, answer),
                        failure -> failure instanceof IdentityProviderException e
                                        && e.reason().hadNoEffect()
                                ? attempts.end(pool, attempt, false).transform(ended -> Future.failedFuture(failure))
                                : Future.failedFuture(failure));
    }

    private Future<Result> ended(PasswordAttempt attempt, PasswordAnswer answer) {
        boolean set = !(answer instanceof PasswordAnswer.Refused);
        return attempts.end(pool, attempt, set)
                .recover(failure -> {
                    log.warn(
                            "Registration {}: that the attempt at its password has ended could not be noted: {}",
                            attempt.customerId(),
                            failure.getMessage());
                    return Future.succeededFuture();
                })
                .map(noted -> answer instanceof PasswordAnswer.Refused refused
                        ? new Result.Refused(refused.detail())
                        : answer instanceof PasswordAnswer.AlreadySet ? new Result.AlreadySet() : new Result.Set());
    }
}
