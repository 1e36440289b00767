package dev.doorbell.service;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What {@code /health/ready} answers: every named check, and the worst of them as the whole. Use from one event loop.
 */
public final class Health {
    /** DEGRADED still serves: something that the service can do without for a time is missing. */
    public enum Status {
        UP,
        DEGRADED,
        DOWN
    }

    /** @param detail for a person; never holds a secret */
    public record Check(Status status, String detail) {
        public static final Check UP = new Check(Status.UP, null);

        public static Check degraded(String detail) {
            return new Check(Status.DEGRADED, detail);
        }

        public static Check down(String detail) {
            return new Check(Status.DOWN, detail);
        }
    }

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);

    private final Map<String, Supplier<Future<Check>>> checks = new LinkedHashMap<>();

    /** A check that fails or does not answer within 3 s counts as DOWN. */
    public Health register(String name, Supplier<Future<Check>> check) {
        checks.put(name, check);
        return this;
    }

    /** The report: {@code {"status":"degraded","checks":{"kafka":{"status":"degraded","detail":"…"}}}}. */
    public Future<JsonObject> report() {
        Map<String, Future<Check>> running = new LinkedHashMap<>();
        checks.forEach((name, check) -> running.put(name, guarded(check)));
        return Future.join(running.values().stream().toList()).map(all -> {
            Status worst = Status.UP;
            JsonObject details = new JsonObject();
            for (Map.Entry<String, Future<Check>> entry : running.entrySet()) {
                Check check = entry.getValue().result();
                worst = check.status().compareTo(worst) > 0 ? check.status() : worst;
                JsonObject detail = new JsonObject().put("status", text(check.status()));
                details.put(entry.getKey(), check.detail() == null ? detail : detail.put("detail", check.detail()));
            }
            return new JsonObject().put("status", text(worst)).put("checks", details);
        });
    }

    private static Future<Check> guarded(Supplier<Future<Check>> check) {
        Future<Check> running;
        try {
            running = check.get();
        } catch (RuntimeException e) {
            running = Future.failedFuture(e);
        }
        return running.timeout(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(e -> Check.down(e.getClass().getSimpleName()));
    }

    private static String text(Status status) {
        return status.name().toLowerCase(java.util.Locale.ROOT);
    }
}
