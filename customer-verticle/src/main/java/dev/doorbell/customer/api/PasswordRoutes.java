package dev.doorbell.customer.api;

import dev.doorbell.customer.usecase.SetPassword;
import dev.doorbell.customer.usecase.SetPassword.Result;
import dev.doorbell.service.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /registrations/{id}/password}. */
public final class PasswordRoutes {
    private static final int BODY_BYTES_MAX = 4 * 1024;
    private static final String PASSWORD_SET = "urn:doorbell:problem:password-already-set";

    private final Optional<SetPassword> set;

    /** @param set empty where there are no users */
    public PasswordRoutes(Optional<SetPassword> set) {
        this.set = set;
    }

    public void mount(Router router) {
        router.post("/registrations/:id/password")
                .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX))
                .handler(JsonBody.required(JsonBody.JSON))
                .handler(this::set);
    }

    private void set(RoutingContext request) {
        UUID id = PathId.read(request);
        if (id == null) {
            return;
        }
        if (set.isEmpty()) {
            Problem.of(404, "There are no users, and so no passwords: the service runs with IDENTITY_PROVIDER=none.")
                    .send(request);
            return;
        }
        Fields fields = new Fields();
        PasswordRequest asked = JsonBody.read(request, body -> PasswordRequest.read(body, fields), fields);
        if (asked != null) {
            set.get()
                    .set(id, asked.secret(), asked.password())
                    .onSuccess(result -> answer(request, result))
                    .onFailure(request::fail);
        }
    }

    private static void answer(RoutingContext request, Result result) {
        if (result instanceof Result.Set) {
            request.response()
                    .setStatusCode(204)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end();
            return;
        }
        if (result instanceof Result.UnderWay underWay) {
            retryAfter(request, underWay.retryAfter());
        } else if (result instanceof Result.Unavailable unavailable) {
            retryAfter(request, unavailable.retryAfter());
        }
        problem(result).send(request);
    }

    /** In whole seconds, not before it is over. */
    private static void retryAfter(RoutingContext request, Duration time) {
        long seconds = time.plusSeconds(1).minusNanos(1).toSeconds();
        request.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    private static Problem problem(Result result) {
        if (result instanceof Result.Refused refused) {
            return Problem.invalid(List.of(Problem.Violation.pointer("/password", refused.detail())));
        }
        if (result instanceof Result.WrongSecret) {
            return Problem.of(403, "The secret is not that of this registration.");
        }
        if (result instanceof Result.NotRegistered not) {
            return Problem.of(
                    409, "A password can be set when the registration has succeeded; it is " + not.status() + ".");
        }
        if (result instanceof Result.AlreadySet) {
            String detail = "The secret is good for one password, and that is set. Sign in with it.";
            return new Problem(PASSWORD_SET, "Password already set", 409, detail, List.of());
        }
        if (result instanceof Result.UnderWay) {
            return Problem.of(409, "Another attempt at this password has not ended. Try again in a while.");
        }
        if (result instanceof Result.Expired) {
            return Problem.of(410, "The time in which the secret was good is over.");
        }
        if (result instanceof Result.TooManyAttempts) {
            return Problem.of(429, "Too many passwords were refused; the secret is good for nothing any more.");
        }
        return Problem.of(503, "Passwords cannot be set at the moment. Try again.");
    }
}
