package dev.doorbell.customer.usecase;

import dev.doorbell.customer.domain.IdentityState;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.IdentityLease;
import dev.doorbell.customer.store.IdentityStore;
import dev.doorbell.customer.usecase.IdentityProvider.Permit;
import dev.doorbell.outbox.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker of the identity steps: takes leases on what is due, a few at a time, and carries it to the identity provider.
 * What fails is due again later; what a worker leaves behind that dies is due when its lease is over. Any number of
 * instances work beside each other. Use from one event loop.
 */
public final class ProvisionIdentities {
    private static final Logger log = LoggerFactory.getLogger(ProvisionIdentities.class);
    private static final long STOP_TIMEOUT_S = 10;
    private static final int DOUBLINGS_MAX = 16;

    /**
     * @param concurrencyMax pieces of work at a time, of this instance
     * @param poll how often is looked for work that nobody announced
     * @param lease longer than {@code attemptMax}, or two would work on the same
     * @param attemptMax one attempt, all its calls together
     * @param retryMin before the first repeat; doubles with each, less up to a half by chance
     * @param retryMax the longest wait
     */
    public record Limits(
            int concurrencyMax,
            Duration poll,
            Duration lease,
            Duration attemptMax,
            Duration retryMin,
            Duration retryMax) {
        public static final Limits DEFAULT = new Limits(
                8,
                Duration.ofMillis(500),
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofMillis(250),
                Duration.ofSeconds(30));
    }

    private final Vertx vertx;
    private final Pool pool;
    private final IdentityStore identities = new IdentityStore();
    private final IdentityProvider provider;
    private final IdentitySteps steps;
    private final Limits limits;
    private final IdentityListener listener;
    private long timer = -1;
    private int inWork;
    private boolean looking;
    private boolean lookAgain;
    private boolean failing;
    private boolean stopped;
    private int permitsRefused;
    private long permitNotBeforeNanos = System.nanoTime();

    public ProvisionIdentities(
            Vertx vertx,
            Pool pool,
            CustomerStore customers,
            Outbox outbox,
            IdentityProvider provider,
            Limits limits,
            IdentityListener listener) {
        this.vertx = vertx;
        this.pool = pool;
        this.provider = provider;
        this.steps = new IdentitySteps(pool, customers, outbox, provider);
        this.limits = limits;
        this.listener = listener;
    }

    public void start() {
        timer = vertx.setPeriodic(limits.poll().toMillis(), tick -> {
            identities.oldestInWork(pool).onSuccess(listener::oldest);
            poke();
        });
    }

    /** No work is taken any more; completes when what is in work has ended, or after 10 s: the rest is due again. */
    public Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_S);
        Promise<Void> ended = Promise.promise();
        vertx.setPeriodic(20, tick -> {
            if (inWork == 0 || System.nanoTime() - deadlineNanos > 0) {
                vertx.cancelTimer(tick);
                ended.tryComplete();
            }
        });
        return inWork == 0 ? Future.succeededFuture() : ended.future();
    }

    /** There may be work. */
    public void poke() {
        if (looking) {
            lookAgain = true;
            return;
        }
        int room = Math.min(limits.concurrencyMax(), provider.capacity()) - inWork;
        if (stopped || room <= 0 || System.nanoTime() - permitNotBeforeNanos < 0) {
            return;
        }
        looking = true;
        lookAgain = false;
        // A permit is asked for only when there is something to do with it.
        identities
                .anyDue(pool)
                .compose(due -> due ? take(room) : provider.probe().map(0).otherwise(0))
                .timeout(limits.attemptMax().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(taken -> {
                    looking = false;
                    note(taken.cause());
                    if (taken.succeeded() && (lookAgain || taken.result() == room)) {
                        poke();
                    }
                });
    }

    private Future<Integer> take(int room) {
        return provider.permit()
                .onSuccess(permit -> {
                    permitsRefused = 0;
                    listener.permitted();
                })
                .onFailure(this::permitRefused)
                .compose(permit -> identities
                        .lease(pool, room, limits.lease(), permit.life())
                        .map(leases -> {
                            leases.forEach(lease -> attempt(permit, lease));
                            return leases.size();
                        }));
    }

    /** From an outage the circuit breaker keeps us away; a wrong secret or realm is as wrong at the next poll. */
    private void permitRefused(Throwable failure) {
        listener.permitRefused(outcome(failure));
        boolean breaks = failure instanceof IdentityProviderException e
                && (e.reason().isOutage() || e.reason() == IdentityProviderException.Reason.CIRCUIT_OPEN);
        Duration pause = breaks ? asked(failure) : delay(permitsRefused++, failure);
        permitNotBeforeNanos = System.nanoTime() + pause.toNanos();
    }

    private void note(Throwable failure) {
        if (failure != null && !failing && !stopped) {
            log.warn("Work on users cannot be taken up, and is tried again: {}", failure.getMessage());
        }
        failing = failure != null;
    }

    private void attempt(Permit permit, IdentityLease lease) {
        inWork++;
        listener.attempted(lease.state());
        steps.attempt(permit, lease)
                .timeout(limits.attemptMax().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(state -> listener.ended(lease.state(), state.name()))
                .recover(failure -> retryLater(lease, failure))
                .onComplete(ended -> {
                    inWork--;
                    poke();
                });
    }

    /**
     * When not even this can be written down, the work is due at the end of its lease. So it is when the attempt has no end:
     * it is given up, and not stopped.
     */
    private Future<IdentityState> retryLater(IdentityLease lease, Throwable failure) {
        String outcome = outcome(failure);
        listener.ended(lease.state(), outcome);
        log.info("Registration {}, {}: tried again, {}", lease.customerId(), lease.state(), failure.getMessage());
        return identities
                .retryLater(pool, lease, delay(lease.failures(), failure), failure instanceof TimeoutException)
                .map(lease.state());
    }

    private static String outcome(Throwable failure) {
        if (failure instanceof IdentityProviderException e) {
            return e.reason().name();
        }
        if (failure instanceof IdentitySteps.NotYetException e) {
            return e.getMessage();
        }
        return failure instanceof TimeoutException ? "TIMED_OUT" : "FAILED";
    }

    private Duration delay(int failures, Throwable failure) {
        long doubled = limits.retryMin().toMillis() << Math.min(failures, DOUBLINGS_MAX);
        long longest = Math.min(doubled, limits.retryMax().toMillis());
        // By chance, so that what failed together does not come back together.
        long chosen = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        return Duration.ofMillis(Math.max(chosen, asked(failure).toMillis()));
    }

    private static Duration asked(Throwable failure) {
        return failure instanceof IdentityProviderException e ? e.retryAfter() : Duration.ZERO;
    }
}
