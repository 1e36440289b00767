package dev.doorbell.customer.keycloak;

import dev.doorbell.customer.usecase.IdentityProviderException;
import dev.doorbell.customer.usecase.IdentityProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Requests to Keycloak, and what its answers mean whatever was asked. Messages never hold a body, which may hold names. */
final class KeycloakHttp {
    /** A page of users with all their attributes; by default Keycloak takes no more than some kilobytes of those. */
    static final int BODY_BYTES_MAX = 4 * 1024 * 1024;

    private static final int WAITING_MAX = 100;
    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(1);

    private final WebClient client;
    private final KeycloakConfig config;

    KeycloakHttp(Vertx vertx, KeycloakConfig config) {
        this.config = config;
        WebClientOptions options = new WebClientOptions()
                .setConnectTimeout((int) config.callTimeout().toMillis())
                .setFollowRedirects(false)
                .setUserAgentEnabled(false);
        this.client = WebClient.create(
                vertx,
                options,
                new PoolOptions().setHttp1MaxSize(config.connectionsMax()).setMaxWaitQueueSize(WAITING_MAX));
    }

    /** @param path below the server's URL, with all that needs it encoded */
    HttpRequest<Buffer> request(HttpMethod method, String path) {
        return client.requestAbs(method, config.url() + path)
                .as(new LimitedBody(BODY_BYTES_MAX))
                .timeout(config.callTimeout().toMillis());
    }

    /** Fails with {@link IdentityProviderException} when there is no answer. */
    static Future<HttpResponse<Buffer>> answered(Future<HttpResponse<Buffer>> response) {
        return response.recover(failure -> Future.failedFuture(failed(failure)));
    }

    private static IdentityProviderException failed(Throwable failure) {
        if (failure instanceof LimitedBody.TooLargeException) {
            return new IdentityProviderException(Reason.UNEXPECTED_ANSWER, "Keycloak's answer " + failure.getMessage());
        }
        return failure instanceof TimeoutException
                ? new IdentityProviderException(Reason.TIMED_OUT, "Keycloak did not answer in time")
                : unreachable(failure);
    }

    private static IdentityProviderException unreachable(Throwable failure) {
        IdentityProviderException unreachable = new IdentityProviderException(
                Reason.UNREACHABLE, "Keycloak cannot be reached: " + failure.getMessage());
        // Without a connection nothing was sent.
        return failure instanceof ConnectException ? unreachable.beforeAnyEffect() : unreachable;
    }

    /** What only asks Keycloak for something: when it fails, nothing was done. */
    static <T> Future<T> asking(Future<T> asked) {
        return asked.recover(failure ->
                Future.failedFuture(failure instanceof IdentityProviderException e ? e.beforeAnyEffect() : failure));
    }

    /** What an answer means that the caller has no meaning of its own for. */
    static IdentityProviderException unexpected(String what, HttpResponse<Buffer> response) {
        int status = response.statusCode();
        String message = what + ": Keycloak answers " + status;
        return switch (status) {
            case 401 -> new IdentityProviderException(Reason.UNAUTHORIZED, message);
            case 403, 404 -> new IdentityProviderException(Reason.FORBIDDEN, message);
            case 429 -> new IdentityProviderException(Reason.THROTTLED, message, retryAfter(response));
            default ->
                status >= 500
                        ? new IdentityProviderException(Reason.SERVER_ERROR, message, retryAfter(response))
                        : new IdentityProviderException(Reason.UNEXPECTED_ANSWER, message);
        };
    }

    /** The body as JSON; what is none is an unexpected answer. */
    static <T> Future<T> json(String what, HttpResponse<Buffer> response, Function<HttpResponse<Buffer>, T> read) {
        try {
            T value = read.apply(response);
            if (value != null) {
                return Future.succeededFuture(value);
            }
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            // Its message quotes the body.
        }
        return Future.failedFuture(
                new IdentityProviderException(Reason.UNEXPECTED_ANSWER, what + ": Keycloak's answer cannot be read"));
    }

    private static Duration retryAfter(HttpResponse<Buffer> response) {
        String header = response.getHeader("Retry-After");
        if (header == null || !header.matches("[0-9]{1,6}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        return asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
    }

    void close() {
        client.close();
    }
}
