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

/** Sends registrations and logs what came of each. May be used from any thread. */
final class Caller {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final CallLog log;

    Caller(CallLog log) {
        this.log = log;
    }

    /**
     * Returns when there is an answer or the caller's patience is over.
     *
     * @param customers where to POST it
     */
    Call send(URI customers, PlannedCall planned) {
        Instant sentAt = Instant.now();
        int status = 0;
        UUID id = null;
        try {
            HttpResponse<String> answer = http.send(request(customers, planned), BodyHandlers.ofString());
            status = answer.statusCode();
            id = status == 202 ? id(answer.body()) : null;
        } catch (IOException noAnswer) {
            // Status 0 says so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Call call =
                new Call(planned.number(), planned.username(), sentAt, Instant.now(), Outcome.of(status), status, id);
        log.add(call);
        return call;
    }

    private static HttpRequest request(URI customers, PlannedCall planned) {
        return HttpRequest.newBuilder(customers)
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
}
