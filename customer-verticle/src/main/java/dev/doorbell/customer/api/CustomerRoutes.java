package dev.doorbell.customer.api;

import dev.doorbell.customer.domain.Customer;
import dev.doorbell.customer.domain.CustomerChange;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.usecase.ChangeCustomer;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.RegisterCustomer;
import dev.doorbell.customer.usecase.RegistrationSecrets;
import dev.doorbell.outbox.Failpoint;
import dev.doorbell.outbox.Traceparent;
import dev.doorbell.service.Problem;
import dev.doorbell.service.token.Access;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** {@code POST /customers}, {@code GET} and {@code PATCH /customers/{id}}. */
public final class CustomerRoutes {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String USERNAME_TAKEN = "urn:doorbell:problem:username-taken";
    private static final Problem NOT_THERE = Problem.of(404, "There is no such customer.");
    private static final String OUTCOME_UNKNOWN = "urn:doorbell:problem:outcome-unknown";

    private final RegisterCustomer register;
    private final FindCustomer find;
    private final ChangeCustomer change;
    private final Access access;
    private final Optional<RegistrationSecrets> secrets;

    /** @param secrets for which a password can be set; empty where there are no users */
    public CustomerRoutes(
            RegisterCustomer register,
            FindCustomer find,
            ChangeCustomer change,
            Access access,
            Optional<RegistrationSecrets> secrets) {
        this.register = register;
        this.find = find;
        this.change = change;
        this.access = access;
        this.secrets = secrets;
    }

    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
        for (String path : List.of("/customers", "/customers/")) {
            router.post(path)
                    .handler(body)
                    .handler(JsonBody.required(JsonBody.JSON))
                    .handler(this::register);
        }
        SecurityPolicyHandler ownerOrOperator = access.ownerOrOperator("id", NOT_THERE);
        router.get("/customers/:id").handler(ownerOrOperator).handler(this::find);
        router.patch("/customers/:id")
                .handler(ownerOrOperator)
                .handler(body)
                .handler(JsonBody.required(JsonBody.MERGE_PATCH, JsonBody.JSON))
                .handler(this::change);
    }

    private void register(RoutingContext request) {
        Fields fields = new Fields();
        String traceparent = Traceparent.orNull(request.request().getHeader(Traceparent.HEADER));
        NewCustomer customer =
                JsonBody.read(request, body -> RegistrationRequest.read(body, traceparent, fields), fields);
        if (customer != null) {
            register.register(customer)
                    .onSuccess(result -> answer(request, result))
                    .onFailure(request::fail);
        }
    }

    private void answer(RoutingContext request, RegisterCustomer.Result result) {
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
            JsonObject answer = new JsonObject()
                    .put("id", accepted.id().toString())
                    .put("username", accepted.username())
                    .put("status", accepted.status().name());
            secrets.ifPresent(secret -> answer.put("passwordSecret", secret.of(accepted.id())));
            request.json(answer);
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
                    .onSuccess(found ->
                            found.ifPresentOrElse(customer -> send(request, customer), () -> NOT_THERE.send(request)))
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
        CustomerChange asked = JsonBody.read(request, body -> ChangeRequest.read(body, fields), fields);
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
            NOT_THERE.send(request);
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
