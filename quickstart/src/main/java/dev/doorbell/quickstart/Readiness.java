package dev.doorbell.quickstart;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits until every service says of itself that it is up, with nothing missing but what may come later. */
final class Readiness {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long ASK_AGAIN_MS = 100;
    private static final String UP = "up";

    private Readiness() {}

    /**
     * @param comesLater names of checks
     * @throws ServicesException with the last answer when one is not up in a minute
     */
    static void await(HttpClient client, List<String> addresses, Set<String> comesLater) {
        for (String address : addresses) {
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            String answer = ask(client, address);
            while (!isUp(answer, comesLater)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new ServicesException(address + " is not ready: " + answer, null);
                }
                CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(ASK_AGAIN_MS, TimeUnit.MILLISECONDS))
                        .join();
                answer = ask(client, address);
            }
        }
    }

    static boolean isUp(String answer, Set<String> comesLater) {
        if (!answer.startsWith("{")) {
            return false;
        }
        JsonObject report = new JsonObject(answer);
        JsonObject checks = report.getJsonObject("checks", new JsonObject());
        return UP.equals(report.getString("status"))
                || !checks.isEmpty()
                        && checks.fieldNames().stream()
                                .filter(name -> !comesLater.contains(name))
                                .allMatch(name ->
                                        UP.equals(checks.getJsonObject(name).getString("status")));
    }

    private static String ask(HttpClient client, String address) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address + "/health/ready"))
                                    .timeout(TIMEOUT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServicesException("interrupted", e);
        }
    }
}
