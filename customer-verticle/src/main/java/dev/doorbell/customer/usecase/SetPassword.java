package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.RegistrationStatus;
import dev.doorbell.customer.store.PasswordAttempt;
import dev.doorbell.customer.store.PasswordAttemptStore;
import dev.doorbell.customer.store.PasswordAttemptStore.End;
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

        /**
         * Another attempt of this registration has not ended, or may still take effect though it failed.
         *
         * @param retryAfter when it certainly cannot any more
         */
        record UnderWay(Duration retryAfter) implements Result {}

        /** By the identity provider's policy. @param detail says nothing of the password */
        record Refused(String detail) implements Result {}

        /** Nothing is known to have been done. @param retryAfter when another attempt makes sense */
        record Unavailable(Duration retryAfter) implements Result {}
    }

    /**
     * @param secretLife since the registration has succeeded; then the secret is good for nothing
     * @param refusedMax of a registration, with the right secret: attempts at passwords that the provider refused
     * @param concurrencyMax at a time, of this instance
     */
    public record Limits(Duration secretLife, int refusedMax, int concurrencyMax) {
        private static final int REFUSED_MAX = 10;
        private static final int CONCURRENCY_MAX = 8;

        public Limits(Duration secretLife) {
            this(secretLife, REFUSED_MAX, CONCURRENCY_MAX);
        }
    }

    private static final Duration RETRY_AFTER_MIN = Duration.ofSeconds(5);

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
            return Future.succeededFuture(new Result.Unavailable(RETRY_AFTER_MIN));
        }
        inWork++;
        return provider.permit()
                .compose(
                        permit -> attempt(permit, registration, password),
                        failure -> failure instanceof IdentityProviderException e
                                ? Future.succeededFuture(unavailable(e, e.retryAfter()))
                                : Future.failedFuture(failure))
                .onComplete(ended -> inWork--);
    }

    private static Result unavailable(IdentityProviderException failure, Duration retryAfter) {
        log.info("A password could not be set: {}", failure.getMessage());
        return new Result.Unavailable(atLeastMin(retryAfter));
    }

    private static Duration atLeastMin(Duration retryAfter) {
        return retryAfter.compareTo(RETRY_AFTER_MIN) > 0 ? retryAfter : RETRY_AFTER_MIN;
    }

    private Future<Result> attempt(Permit permit, UUID registration, String password) {
        return attempts.begin(pool, registration, limits.secretLife(), limits.refusedMax(), permit.life())
                .compose(begun -> begun.isPresent()
                        ? call(permit, begun.get(), password)
                        : attempts.whyNot(pool, registration, limits.secretLife(), limits.refusedMax())
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
        // What was in the way may have ended since, so only what is known to be used up is said to be.
        return why.usedUp() ? new Result.TooManyAttempts() : new Result.UnderWay(atLeastMin(why.busy()));
    }

    private Future<Result> call(Permit permit, PasswordAttempt attempt, String password) {
        IdentityProvider.User user = new IdentityProvider.User(
                attempt.customerId(), attempt.username(), attempt.firstName(), attempt.lastName());
        return provider.setPassword(permit, user, attempt.userId(), password)
                .compose(
                        answer -> answered(attempt, answer),
                        failure -> failure instanceof IdentityProviderException e
                                ? failed(permit, attempt, e)
                                : Future.failedFuture(failure));
    }

    /** What had no answer may still take effect, and keeps others out until it cannot any more. */
    private Future<Result> failed(Permit permit, PasswordAttempt attempt, IdentityProviderException failure) {
        return failure.hadNoEffect()
                ? end(attempt, End.WITHOUT_EFFECT).map(ended -> unavailable(failure, failure.retryAfter()))
                : Future.succeededFuture(unavailable(failure, permit.life()));
    }

    private Future<Result> answered(PasswordAttempt attempt, PasswordAnswer answer) {
        if (answer instanceof PasswordAnswer.Refused refused) {
            return end(attempt, End.REFUSED).map(ended -> new Result.Refused(refused.detail()));
        }
        return end(attempt, End.SET)
                .map(ended -> answer instanceof PasswordAnswer.AlreadySet ? new Result.AlreadySet() : new Result.Set());
    }

    /** Never fails: what cannot be noted keeps others out for a while, and changes nothing of what has happened. */
    private Future<Void> end(PasswordAttempt attempt, End end) {
        return attempts.end(pool, attempt, end).recover(failure -> {
            log.warn(
                    "Registration {}: that the attempt at its password has ended could not be noted: {}",
                    attempt.customerId(),
                    failure.getMessage());
            return Future.succeededFuture();
        });
    }
}
