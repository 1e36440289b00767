package dev.doorbell.system.harness;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The system's HTTP API as its users see it. */
public final class Registrations {
    public static final String PENDING = "REGISTRATION_PENDING";
    public static final String SUCCESS = "REGISTRATION_SUCCESS";
    public static final String FAILED = "REGISTRATION_FAILED";

    private final Supplier<ServiceProcess> customer;
    private final Supplier<ServiceProcess> payment;

    Registrations(Supplier<ServiceProcess> customer, Supplier<ServiceProcess> payment) {
        this.customer = customer;
        this.payment = payment;
    }

    /** What a registration looks like now. */
    public record View(String status, String reason) {
        public boolean isTerminal() {
            return !status.equals(PENDING);
        }
    }

    /** Registers and returns the id; fails unless the answer is 202. */
    public UUID register(NewRegistration registration) {
        HttpResponse<String> answer = post(registration.json(), null);
        if (answer.statusCode() != 202) {
            throw new AssertionError("not accepted: " + answer.statusCode() + " " + answer.body());
        }
        return UUID.fromString(new JsonObject(answer.body()).getString("id"));
    }

    /**
     * @param traceparent null for none
     * @throws UncheckedIOException when there was no answer: the registration may have been accepted or not
     */
    public HttpResponse<String> post(String body, String traceparent) {
        HttpRequest.Builder request = Http.request(customer.get().uri("/customers"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        return Http.send(request.build());
    }

    public View find(UUID id) {
        JsonObject json = new JsonObject(
                Http.get(customer.get().uri("/registrations/" + id)).body());
        return new View(json.getString("status"), json.getString("reason"));
    }

    /** Waits until it is terminal. */
    public View awaitTerminal(UUID id) {
        return Waiting.until("registration " + id + " is terminal").until(() -> find(id), View::isTerminal);
    }

    /** {@code GET /payments?customerId=}. */
    public List<JsonObject> payments(UUID customerId) {
        String found = Http.get(payment.get().uri("/payments?customerId=" + customerId))
                .body();
        return new JsonArray(found).stream().map(JsonObject.class::cast).toList();
    }

    /** A stream of server-sent events: the statuses told up to now, and the end of the stream. */
    public record Watch(List<String> statuses, CompletableFuture<Void> end) {}

    public Watch watch(UUID id) {
        HttpRequest request = HttpRequest.newBuilder(customer.get().uri("/registrations/" + id))
                .header("Accept", "text/event-stream")
                .build();
        List<String> statuses = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = Http.CLIENT
                .sendAsync(request, BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> new JsonObject(line.substring("data: ".length())).getString("status"))
                        .forEach(statuses::add));
        return new Watch(statuses, end);
    }
}
