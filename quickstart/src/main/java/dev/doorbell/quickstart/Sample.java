package dev.doorbell.quickstart;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A customer to register over HTTP, and how it must end. */
record Sample(String firstName, String lastName, String balance, String expectedStatus) {
    /** For the request and all that follows it, when everything is up. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    static Sample withEnoughBalance() {
        return new Sample("Ada", "Sample", "100.00", "REGISTRATION_SUCCESS");
    }

    static Sample withoutBalance() {
        return new Sample("Kim", "Sample", "1.50", "REGISTRATION_FAILED");
    }

    /** Registers as any client would, then follows the server-sent events to the end, for {@code limit} at most. */
    SampleResult register(HttpClient client, String customerAddress, Duration limit) {
        try {
            Instant sentAt = Instant.now();
            HttpResponse<String> accepted = client.send(
                    HttpRequest.newBuilder(URI.create(customerAddress + "/customers"))
                            .timeout(ANSWER_LIMIT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body().encode()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Instant answeredAt = Instant.now();
            if (accepted.statusCode() != 202) {
                return SampleResult.refused(accepted.statusCode(), sentAt, answeredAt);
            }
            return follow(
                            client,
                            customerAddress
                                    + accepted.headers().firstValue("Location").orElseThrow(),
                            new JsonObject(accepted.body()),
                            limit.minus(Duration.between(sentAt, answeredAt)))
                    .between(sentAt, answeredAt);
        } catch (IOException e) {
            throw new ServicesException("The customer service does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServicesException("interrupted", e);
        }
    }

    /** Until the stream ends, which it does with a terminal status, or the time is up. */
    private static SampleResult follow(HttpClient client, String registration, JsonObject accepted, Duration limit)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registration))
                .header("Accept", "text/event-stream")
                .build();
        LastStatus last = new LastStatus();
        CompletableFuture<HttpResponse<Void>> followed =
                client.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(last));
        try {
            followed.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Its last status tells that it did not settle.
            followed.cancel(true);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
        return SampleResult.followed(accepted, last.get());
    }

    private JsonObject body() {
        // A number of the kind that card networks publish for tests; the name is new for each run on kept data.
        return new JsonObject()
                .put("firstName", firstName)
                .put("lastName", lastName)
                .put("username", firstName + "." + UUID.randomUUID().toString().substring(0, 8))
                .put(
                        "card",
                        new JsonObject()
                                .put("number", "4111 1111 1111 1111")
                                .put("holderName", firstName + " " + lastName)
                                .put("cvv", "123")
                                .put("validThru", "2035-12-31")
                                .put("balance", balance));
    }
}
