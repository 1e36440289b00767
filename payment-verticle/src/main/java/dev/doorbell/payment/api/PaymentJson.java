package dev.doorbell.payment.api;

import dev.doorbell.payment.domain.Payment;
import io.vertx.core.json.JsonObject;

/** A payment as the API shows it: money as a decimal string, times by RFC 3339 in UTC, the card masked. */
final class PaymentJson {
    private PaymentJson() {}

    static JsonObject of(Payment payment) {
        JsonObject payer = new JsonObject()
                .put("name", payment.payer().name())
                .put("maskedCard", payment.payer().maskedCard())
                .put("cardBrand", payment.payer().cardBrand());
        JsonObject payee = new JsonObject()
                .put("name", payment.payee().name())
                .put("bankAccount", payment.payee().bankAccount())
                .put("bankName", payment.payee().bankName());
        return new JsonObject()
                .put("id", payment.id().toString())
                .put("customerId", payment.customerId().toString())
                .put("status", payment.status().name())
                .put("reason", payment.reason())
                .put("amount", payment.fee().decimal())
                .put("currency", payment.fee().currency().getCurrencyCode())
                .put("payer", payer)
                .put("payee", payee)
                .put("createdAt", payment.createdAt().toString())
                .put("updatedAt", payment.updatedAt().toString());
    }
}
