package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.CustomerChange;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.usecase.ChangeCustomer;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.RegisterCustomer;
import dev.doorbell.outbox.Failpoint;
import dev.doorbell.outbox.Traceparent;
import dev.doorbell.service.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** {@code POST /customers}, {@code GET} and {@code PATCH /customers/{id}}. */
public final class CustomerRoutes {
    private static final String JSON = "application/json";
    /** RFC 7396. */
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String USERNAME_TAKEN = "urn:doorbell:problem:username-taken";
    private static final String OUTCOME_UNKNOWN = "urn:doorbell:problem:outcome-unknown";

    private final RegisterCustomer register;
    private final FindCustomer find;
    private final ChangeCustomer change;

    public CustomerRoutes(RegisterCustomer register, FindCustomer find, ChangeCustomer change) {
        this.register = register;
        this.find = find;
        this.change = change;
    }

    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
        for (String path : List.of("/customers", "/customers/")) {
            router.post(path).handler(body).handler(this::requireJson).handler(this::register);
        }
        router.get("/customers/:id").handler(this::find);
        router.patch("/customers/:id").handler(body).handler(this::requireJson).handler(this::change);
    }

    private void requireJson(RoutingContext request) {
        String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String media = type == null ? "" : type.split(";", 2)[0].strip();
        boolean patch = request.request().method().equals(HttpMethod.PATCH);
        if (media.equalsIgnoreCase(JSON) || patch && media.equalsIgnoreCase(MERGE_PATCH)) {
            request.next();
        } else {
            request.response().putHeader(patch ? "Accept-Patch" : "Accept", patch ? MERGE_PATCH + ", " + JSON : JSON);
            Problem.of(415, "The body must be " + (patch ? MERGE_PATCH + " or " : "") + JSON + ".")
                    .send(request);
        }
    }

    private void register(RoutingContext request) {
        Fields fields = new Fields();
        String traceparent = Traceparent.orNull(request.request().getHeader(Traceparent.HEADER));
        NewCustomer customer = body(request, body -> RegistrationRequest.read(body, traceparent, fields), fields);
        if (customer != null) {
            register.register(customer)
                    .onSuccess(result -> answer(request, result))
                    .onFailure(request::fail);
        }
    }

    /** What {@code reader} makes of the body, or null when the request has been answered. */
    private static <T> T body(RoutingContext request, Function<JsonNode, T> reader, Fields fields) {
        T value = request.body().buffer() == null
                ? null
                : JsonReader.read(request.body().buffer()).map(reader).orElse(null);
        if (value == null) {
            Problem problem = fields.violations().isEmpty()
                    ? Problem.of(400, "The body is not a JSON object, or a field stands in it twice.")
                    : Problem.invalid(fields.violations());
            problem.send(request);
        }
        return value;
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
                            customer -> send(request, customer),
                            () -> Problem.of(404, "There is no such customer.").send(request)))
                    .onFailure(request::fail);
        }
    }

    private void change(RoutingContext request) {
        UUID id = PathId.read(request);
        if (id == null) {
            return;
        }
        String ifMatch = request.request().getHeader(HttpHeaders.IF_MATCH);
        if (ifMatch == null) {
            Problem.of(428, "If-Match must name the ETag of the customer as it was read.")
                    .send(request);
            return;
        }
        Optional<Set<Long>> versions;
        try {
            versions = EntityTags.accepted(ifMatch);
        } catch (IllegalArgumentException e) {
            Problem.invalid(List.of(Problem.Violation.parameter("If-Match", e.getMessage())))
                    .send(request);
            return;
        }
        Fields fields = new Fields();
        CustomerChange asked = body(request, body -> ChangeRequest.read(body, fields), fields);
        if (asked != null) {
            change.change(id, asked, versions)
                    .onSuccess(result -> answer(request, result))
                    .onFailure(request::fail);
        }
    }

    private static void answer(RoutingContext request, ChangeCustomer.Result result) {
        if (result instanceof ChangeCustomer.Result.Changed changed) {
            send(request, changed.customer());
        } else if (result instanceof ChangeCustomer.Result.NotFound) {
            Problem.of(404, "There is no such customer.").send(request);
        } else if (result instanceof ChangeCustomer.Result.NotRegistered not) {
            Problem.of(
                            409,
                            "A customer can be changed when the registration has succeeded; it is " + not.status()
                                    + ".")
                    .send(request);
        } else {
            Problem.of(412, "The customer has been changed since it was read.").send(request);
        }
    }

    private static void send(RoutingContext request, Customer customer) {
        request.response().putHeader(HttpHeaders.ETAG, EntityTags.of(customer.version()));
        request.json(toJson(customer));
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
