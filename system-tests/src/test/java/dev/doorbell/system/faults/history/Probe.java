package dev.doorbell.system.faults.history;

import dev.doorbell.system.harness.Waiting;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongFunction;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Whether one customer service takes a registration and says that it succeeded. One attempt comes after the other until
 * one does: the first may still be rejected as overdue, while a consumer group has a member that is no more. From one
 * thread.
 */
public final class Probe {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI service;
    private final CallLog log;
    private final Caller caller;
    private final LongFunction<PlannedCall> plan;
    private UUID open;
    private String last = "never called";

    private Probe(URI service, CallLog log, LongFunction<PlannedCall> plan) {
        this.service = service;
        this.log = log;
        this.plan = plan;
        this.caller = new Caller(log);
    }

    /**
     * @param service {@code http://host:port}
     * @param log where its calls are logged, as all others are
     * @return what the last attempt came to; empty when it succeeded
     */
    public static Optional<String> run(URI service, CallLog log, Duration limit) {
        return run(new Probe(service, log, PlannedCall::good), limit);
    }

    /** The same with a name that a failed registration had: nothing may keep it. */
    public static Optional<String> run(URI service, CallLog log, Duration limit, String username) {
        return run(new Probe(service, log, number -> PlannedCall.good(number).named(username)), limit);
    }

    private static Optional<String> run(Probe probe, Duration limit) {
        try {
            // In this thread: no call may be under way when this has ended.
            Waiting.until("a registration succeeds")
                    .pollInSameThread()
                    .atMost(limit)
                    .until(probe::succeeds);
            return Optional.empty();
        } catch (ConditionTimeoutException late) {
            return Optional.of("no registration succeeds within " + limit + "; the last: " + probe.last);
        }
    }

    private boolean succeeds() {
        if (open == null) {
            register();
        }
        String status = open == null ? "" : status();
        if (status.equals("REGISTRATION_FAILED")) {
            open = null;
        }
        return status.equals("REGISTRATION_SUCCESS");
    }

    private void register() {
        long number = log.next();
        if (number < 1) {
            last = "the log is full";
            return;
        }
        Call call = caller.send(service.resolve("/customers"), plan.apply(number));
        open = call.id();
        last = call.toString();
    }

    private String status() {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/registrations/" + open))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            String body = http.send(request, BodyHandlers.ofString()).body();
            last = body;
            return new JsonObject(body).getString("status", "");
        } catch (IOException | DecodeException | ClassCastException e) {
            last = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
