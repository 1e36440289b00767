package dev.doorbell.customer.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * One response as server-sent events (WHATWG HTML, section 9.2). A comment every 15 s keeps proxies from closing it;
 * after ten minutes it ends and the client's EventSource comes back by itself, so that no stream lives for ever.
 */
final class StatusStream {
    private static final long HEARTBEAT_MS = 15_000;
    private static final int HEARTBEATS_MAX = 40;
    private static final int RECONNECT_MS = 2_000;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private long timer = -1;
    private int heartbeats;
    private Runnable onEnd = () -> {};
    private boolean ended;

    StatusStream(Vertx vertx, HttpServerResponse response) {
        this.vertx = vertx;
        this.response = response;
    }

    /** Runs once, however the stream ends: by us, by the client or by a broken connection. */
    void onEnd(Runnable action) {
        this.onEnd = action;
    }

    /** Does nothing but end the stream when the client has left already: no close handler would tell us later. */
    void begin(JsonObject status) {
        if (response.closed()) {
            finish();
            return;
        }
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader("X-Accel-Buffering", "no");
        response.closeHandler(closed -> finish());
        response.exceptionHandler(broken -> finish());
        response.write("retry: " + RECONNECT_MS + "\n");
        send(status);
        timer = vertx.setPeriodic(HEARTBEAT_MS, tick -> {
            if (++heartbeats >= HEARTBEATS_MAX) {
                end();
            } else {
                response.write(": still pending\n\n");
            }
        });
    }

    void send(JsonObject status) {
        if (!ended) {
            response.write("event: status\ndata: " + status.encode() + "\n\n");
        }
    }

    void end() {
        if (!ended) {
            finish();
            response.end();
        }
    }

    private void finish() {
        if (!ended) {
            ended = true;
            vertx.cancelTimer(timer);
            onEnd.run();
        }
    }
}
