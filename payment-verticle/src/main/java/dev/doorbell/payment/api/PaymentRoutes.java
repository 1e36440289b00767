package dev.doorbell.payment.api;

import dev.doorbell.payment.usecase.FindPayments;
import dev.doorbell.service.Problem;
import dev.doorbell.service.token.Access;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /payments?customerId=}: a customer's payments, for operators; an empty list for an unknown customer. */
public final class PaymentRoutes {
    private final FindPayments findPayments;
    private final Access access;

    public PaymentRoutes(FindPayments findPayments, Access access) {
        this.findPayments = findPayments;
        this.access = access;
    }

    public void mount(Router router) {
        router.get("/payments").handler(access.operator()).handler(this::find);
    }

    private void find(RoutingContext request) {
        PaymentQuery query = PaymentQuery.read(request.queryParams());
        if (!query.violations().isEmpty()) {
            Problem.invalid(query.violations()).send(request);
            return;
        }
        findPayments
                .execute(query.customerId())
                .map(payments ->
                        new JsonArray(payments.stream().map(PaymentJson::of).toList()))
                .onSuccess(payments -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(payments.toBuffer()))
                .onFailure(request::fail);
    }
}
