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
import java.util.stream.Stream;

/** A customer to register over HTTP, and how it must end. */
record Sample(String firstName, String lastName, String balance, String expectedStatus) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String DATA = "data: ";

    static Sample withEnoughBalance() {
        return new Sample("Ada", "Lovelace", "100.00", "REGISTRATION_SUCCESS");
    }

    static Sample withoutBalance() {
        return new Sample("Charles", "Babbage", "1.50", "REGISTRATION_FAILED");
    }

    /** Registers as any client would, then follows the server-sent events to the end. */
    SampleResult register(HttpClient client, String customerAddress) {
        try {
            Instant sentAt = Instant.now();
            HttpResponse<String> accepted = client.send(
                    HttpRequest.newBuilder(URI.create(customerAddress + "/customers"))
                            .timeout(TIMEOUT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body().encode()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Instant answeredAt = Instant.now();
            if (accepted.statusCode() != 202) {
                return SampleResult.refused(accepted.statusCode(), sentAt, answeredAt);
            }
            String id = new JsonObject(accepted.body()).getString("id");
            return follow(
                            client,
                            customerAddress
                                    + accepted.headers().firstValue("Location").orElseThrow(),
                            id)
                    .between(sentAt, answeredAt);
        } catch (IOException e) {
            throw new ServicesException("The customer service does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServicesException("interrupted", e);
        }
    }

    private static SampleResult follow(HttpClient client, String registration, String id)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> events = client.send(
                HttpRequest.newBuilder(URI.create(registration))
                        .timeout(TIMEOUT)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        // The stream ends with the terminal status, or after ten minutes; the detector ends a registration before that.
        try (Stream<String> lines = events.body()) {
            JsonObject last = lines.filter(line -> line.startsWith(DATA))
                    .map(line -> new JsonObject(line.substring(DATA.length())))
                    .reduce(new JsonObject(), (before, after) -> after);
            return SampleResult.settled(id, last);
        }
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
