package dev.doorbell.system.faults.history;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Registrations at a steady rate, each logged: cards that are good, empty or expired, usernames that several callers ask
 * for at once, callers without patience, and callers without an answer who ask once more. A call that gets no answer
 * holds up its client, so a broken service is asked less often.
 */
public final class Load implements AutoCloseable {
    /** Longer than any caller's patience, the second attempt included. */
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final Supplier<URI> customers;
    private final CallLog log;
    private final Caller caller;
    private final LongFunction<PlannedCall> plan;
    private final ScheduledExecutorService clients;
    private volatile Throwable broken;

    private Load(Supplier<URI> customers, CallLog log, LongFunction<PlannedCall> plan, int clientCount) {
        this.customers = customers;
        this.log = log;
        this.caller = new Caller(log);
        this.plan = plan;
        this.clients = Executors.newScheduledThreadPool(clientCount, task -> {
            Thread thread = new Thread(task, "load");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Calls until {@link #end}, or until the log is full.
     *
     * @param customers where to POST registrations, asked for each call: {@code http://…/customers}
     * @param seed decides what each number of the log asks for; when it is sent, and to whom it answers first, is up to
     *     the threads
     * @param clients how many calls may be in flight
     * @param perSecond at most, by all clients together
     */
    public static Load start(Supplier<URI> customers, CallLog log, long seed, int clients, double perSecond) {
        return start(customers, log, seed, clients, perSecond, List.of());
    }

    /** @param taken names that no customer can have, and that some calls ask for all the same */
    public static Load start(
            Supplier<URI> customers, CallLog log, long seed, int clients, double perSecond, List<String> taken) {
        return start(customers, log, number -> PlannedCall.of(seed, number, taken), clients, perSecond);
    }

    /** @param plan what each number of the log asks for */
    static Load start(
            Supplier<URI> customers, CallLog log, LongFunction<PlannedCall> plan, int clients, double perSecond) {
        Load load = new Load(customers, log, plan, clients);
        long periodMicros = (long) (clients * 1_000_000 / perSecond);
        for (int i = 0; i < clients; i++) {
            load.clients.scheduleWithFixedDelay(
                    load::callOnce, i * periodMicros / clients, periodMicros, TimeUnit.MICROSECONDS);
        }
        return load;
    }

    private void callOnce() {
        try {
            long number = log.next();
            if (number > 0) {
                PlannedCall planned = plan.apply(number);
                if (caller.send(customers.get(), planned).outcome() == Outcome.UNKNOWN) {
                    askAgain(planned);
                }
            }
        } catch (RuntimeException | Error e) {
            // The pool would drop the client in silence.
            broken = e;
            throw e;
        }
    }

    private void askAgain(PlannedCall unanswered) {
        long number = log.next();
        if (number > 0) {
            caller.send(customers.get(), plan.apply(number).named(unanswered.username()));
        }
    }

    /**
     * Sends no more and waits until every call has ended and is logged. A second time it does nothing.
     *
     * @throws IllegalStateException when a client broke: the log is not whole then
     */
    public void end() {
        clients.shutdown();
        try {
            if (!clients.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(log.inFlight() + " calls did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (broken != null) {
            throw new IllegalStateException("the load broke", broken);
        }
    }

    @Override
    public void close() {
        end();
    }
}
