package dev.doorbell.system.harness;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Customers that keep registering in the background, every third without enough balance, while a test breaks something.
 * Remembers whoever got a 202; an attempt without an answer may have been accepted or not, and is counted.
 */
public final class RegistrationStream implements AutoCloseable {
    private static final int CLIENTS = 3;
    private static final long PAUSE_MS = 60;
    private static final int REGISTRATIONS_MAX = 2_000;

    private final Registrations registrations;
    private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
    private final List<UUID> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile String unexpected;

    private RegistrationStream(Registrations registrations) {
        this.registrations = registrations;
    }

    public static RegistrationStream start(Registrations registrations) {
        RegistrationStream stream = new RegistrationStream(registrations);
        for (int i = 0; i < CLIENTS; i++) {
            stream.clients.scheduleWithFixedDelay(stream::registerOne, 0, PAUSE_MS, TimeUnit.MILLISECONDS);
        }
        return stream;
    }

    private void registerOne() {
        int number = attempts.incrementAndGet();
        if (number > REGISTRATIONS_MAX) {
            return;
        }
        String balance = number % 3 == 0 ? "1.00" : "10.00";
        try {
            HttpResponse<String> answer = registrations.post(
                    NewRegistration.sample().withBalance(balance).json(), null);
            if (answer.statusCode() == 202) {
                accepted.add(UUID.fromString(new JsonObject(answer.body()).getString("id")));
            } else if (answer.statusCode() != 503) {
                unexpected = answer.statusCode() + " " + answer.body();
            }
        } catch (UncheckedIOException noAnswer) {
            unanswered.incrementAndGet();
        }
    }

    /** Waits until so many more than now have got a 202. */
    public void awaitMore(int count) {
        int target = accepted.size() + count;
        Waiting.until(count + " more registrations are accepted").until(() -> accepted.size() >= target);
    }

    /** How many attempts got no answer. */
    public int unanswered() {
        return unanswered.get();
    }

    /** Ends the stream, and returns whoever got a 202. */
    public List<UUID> end() {
        close();
        if (unexpected != null) {
            throw new AssertionError("an answer that nobody expects: " + unexpected);
        }
        return List.copyOf(accepted);
    }

    @Override
    public void close() {
        clients.shutdown();
        try {
            clients.awaitTermination(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
