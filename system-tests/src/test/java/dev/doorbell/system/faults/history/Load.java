package dev.doorbell.system.faults.history;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
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

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Supplier<URI> customers;
    private final CallLog log;
    private final LongFunction<PlannedCall> plan;
    private final ScheduledExecutorService clients;
    private volatile Throwable broken;

    private Load(Supplier<URI> customers, CallLog log, LongFunction<PlannedCall> plan, int clientCount) {
        this.customers = customers;
        this.log = log;
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
        return start(customers, log, number -> PlannedCall.of(seed, number), clients, perSecond);
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
                if (send(planned) == Outcome.UNKNOWN) {
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
            send(plan.apply(number).named(unanswered.username()));
        }
    }

    private Outcome send(PlannedCall planned) {
        Instant sentAt = Instant.now();
        int status = 0;
        UUID id = null;
        try {
            HttpResponse<String> answer = http.send(request(planned), BodyHandlers.ofString());
            status = answer.statusCode();
            id = status == 202 ? id(answer.body()) : null;
        } catch (IOException noAnswer) {
            // Status 0 says so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Outcome outcome = Outcome.of(status);
        log.add(new Call(planned.number(), planned.username(), sentAt, Instant.now(), outcome, status, id));
        return outcome;
    }

    private HttpRequest request(PlannedCall planned) {
        return HttpRequest.newBuilder(customers.get())
                .timeout(planned.patience())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(planned.json()))
                .build();
    }

    /** Null for an answer that gives none: the checker will not be content with it. */
    private static UUID id(String body) {
        try {
            return UUID.fromString(new JsonObject(body).getString("id"));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return null;
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
