package dev.doorbell.customer.api;

import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.RegisterCustomer;
import dev.doorbell.outbox.Failpoint;
import dev.doorbell.outbox.Traceparent;
import dev.doorbell.service.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.UUID;

/** {@code POST /customers} and {@code GET /customers/{id}}. */
public final class CustomerRoutes {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String USERNAME_TAKEN = "urn:doorbell:problem:username-taken";
    private static final String OUTCOME_UNKNOWN = "urn:doorbell:problem:outcome-unknown";

    private final RegisterCustomer register;
    private final FindCustomer find;

    public CustomerRoutes(RegisterCustomer register, FindCustomer find) {
        this.register = register;
        this.find = find;
    }

    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
        for (String path : List.of("/customers", "/customers/")) {
            router.post(path).handler(body).handler(this::requireJson).handler(this::register);
        }
        router.get("/customers/:id").handler(this::find);
    }

    private void requireJson(RoutingContext request) {
        String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String media = type == null ? "" : type.split(";", 2)[0].strip();
        if (media.equalsIgnoreCase("application/json")) {
            request.next();
        } else {
            request.response().putHeader(HttpHeaders.ACCEPT, "application/json");
            Problem.of(415, "The body must be application/json.").send(request);
        }
    }

    private void register(RoutingContext request) {
        Fields fields = new Fields();
        String traceparent = Traceparent.orNull(request.request().getHeader(Traceparent.HEADER));
        NewCustomer customer = request.body().buffer() == null
                ? null
                : JsonReader.read(request.body().buffer())
                        .map(body -> RegistrationRequest.read(body, traceparent, fields))
                        .orElse(null);
        if (customer == null) {
            Problem problem = fields.violations().isEmpty()
                    ? Problem.of(400, "The body is not a JSON object, or a field stands in it twice.")
                    : Problem.invalid(fields.violations());
            problem.send(request);
            return;
        }
        register.register(customer).onSuccess(result -> answer(request, result)).onFailure(request::fail);
    }

    private static void answer(RoutingContext request, RegisterCustomer.Result result) {
        if (result instanceof RegisterCustomer.Result.Busy busy) {
            request.response()
                    .putHeader(
                            HttpHeaders.RETRY_AFTER,
                            String.valueOf(busy.retryAfter().toSeconds()));
            Problem.of(503, busy.detail()).send(request);
            return;
        }
        Failpoint.reached("customer.committed");
        if (result instanceof RegisterCustomer.Result.Accepted accepted) {
            request.response()
                    .setStatusCode(202)
                    .putHeader(HttpHeaders.LOCATION, "/registrations/" + accepted.id())
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            request.json(new JsonObject()
                    .put("id", accepted.id().toString())
                    .put("username", accepted.username())
                    .put("status", accepted.status().name()));
        } else if (result instanceof RegisterCustomer.Result.Unknown unknown) {
            outcomeUnknown(unknown.id()).send(request);
        } else {
            usernameTaken().send(request);
        }
    }

    /** Not a 503: its sender may take that for a no, and a second attempt would find the username taken by the first. */
    private static Problem outcomeUnknown(UUID id) {
        String detail = "The database did not answer to the commit. Whether the customer is registered is told by"
                + " /registrations/" + id + " as soon as the database can be reached.";
        return new Problem(OUTCOME_UNKNOWN, "Outcome unknown", 500, detail, List.of());
    }

    private static Problem usernameTaken() {
        return new Problem(
                USERNAME_TAKEN,
                "Username taken",
                409,
                "Somebody else has this username.",
                List.of(Problem.Violation.pointer("/username", "is taken")));
    }

    private void find(RoutingContext request) {
        UUID id = PathId.read(request);
        if (id != null) {
            find.customer(id)
                    .onSuccess(found -> found.ifPresentOrElse(
                            customer -> request.json(toJson(customer)),
                            () -> Problem.of(404, "There is no such customer.").send(request)))
                    .onFailure(request::fail);
        }
    }

    private static JsonObject toJson(Customer customer) {
        return new JsonObject()
                .put("id", customer.id().toString())
                .put("firstName", customer.firstName())
                .put("lastName", customer.lastName())
                .put("username", customer.username())
                .put(
                        "card",
                        new JsonObject()
                                .put("brand", customer.cardBrand())
                                .put("lastFour", customer.cardLastFour())
                                .put("validThru", customer.cardValidThru().toString()))
                .put("status", customer.status().name())
                .put("createdAt", customer.createdAt().toString());
    }
}
