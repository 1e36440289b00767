package dev.doorbell.system.harness;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Customers that register as fast as one instance answers, each client its next as soon as it has an answer, until it is
 * ended. All have enough balance. What is not accepted must be refused as the interface promises.
 */
public final class RegistrationFlood implements AutoCloseable {
    private static final int CLIENTS = 32;
    /** A bound for what the clients remember. */
    private static final int ACCEPTED_MAX = 50_000;

    private final ServiceProcess customer;
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final Queue<UUID> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acceptedCount = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String unexpected;
    private volatile boolean ended;

    private RegistrationFlood(ServiceProcess customer) {
        this.customer = customer;
    }

    public static RegistrationFlood start(ServiceProcess customer) {
        RegistrationFlood flood = new RegistrationFlood(customer);
        for (int i = 0; i < CLIENTS; i++) {
            flood.clients.execute(flood::registerUntilEnded);
        }
        return flood;
    }

    private void registerUntilEnded() {
        while (!ended && acceptedCount.get() < ACCEPTED_MAX) {
            try {
                registerOne();
            } catch (RuntimeException | Error e) {
                unexpected = "no answer: " + e;
                throw e;
            }
        }
    }

    /** @throws UncheckedIOException when there was no answer, of which there is no need */
    private void registerOne() {
        HttpResponse<String> answer = Http.send(Http.request(customer.uri("/customers"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(NewRegistration.sample().json()))
                .build());
        boolean refusal = answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent()
                && answer.headers().firstValue("Content-Type").orElse("").equals("application/problem+json");
        if (answer.statusCode() == 202) {
            accepted.add(UUID.fromString(new JsonObject(answer.body()).getString("id")));
            acceptedCount.incrementAndGet();
        } else if (refusal) {
            refused.incrementAndGet();
        } else {
            unexpected = answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
        }
    }

    /** How many have got a 202 up to now. */
    public int accepted() {
        requireExpected();
        return acceptedCount.get();
    }

    /** How many have got a 503 with the time to come back after. */
    public int refused() {
        requireExpected();
        return refused.get();
    }

    private void requireExpected() {
        if (unexpected != null) {
            throw new AssertionError("an answer that nobody expects: " + unexpected);
        }
    }

    /** Ends it when every call has its answer, and returns whoever got a 202. */
    public List<UUID> end() {
        close();
        requireExpected();
        return List.copyOf(accepted);
    }

    @Override
    public void close() {
        ended = true;
        clients.shutdown();
        try {
            if (!clients.awaitTermination(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                unexpected = "calls without an answer";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
