package dev.doorbell.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.concurrent.TimeUnit;

/** A service's HTTP server, with a limit on everything that a client can make large or slow. */
public final class HttpServers {
    private static final int INITIAL_LINE_BYTES_MAX = 4 * 1024;
    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int IDLE_TIMEOUT_S = 60;
    private static final int STOP_TIMEOUT_S = 5;

    private HttpServers() {}

    /**
     * @param port 0 for a free one, which {@link HttpServer#actualPort} then tells
     * @return fails with {@link StartException} when the port cannot be had
     */
    public static Future<HttpServer> listen(Vertx vertx, Router router, int port) {
        HttpServerOptions options = new HttpServerOptions()
                .setPort(port)
                .setMaxInitialLineLength(INITIAL_LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                // HTTP/2, which clients may upgrade to, has a limit of its own.
                .setInitialSettings(new Http2Settings().setMaxHeaderListSize(HEADER_BYTES_MAX))
                .setIdleTimeout(IDLE_TIMEOUT_S)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .recover(error -> Future.failedFuture(
                        error instanceof BindException
                                ? new StartException("HTTP_PORT " + port + " is in use or may not be used")
                                : error));
    }

    /** Accepts nothing more, then waits at most 5 s for the requests in work. */
    public static Future<Void> stop(HttpServer server) {
        return server.shutdown(STOP_TIMEOUT_S, TimeUnit.SECONDS);
    }
}
