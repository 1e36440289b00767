package dev.doorbell.service.token;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Who sends a request, by a verified token.
 *
 * @param customerId of the customer whose user it is; null for a user that is no customer's
 * @param operator reads every customer and payment
 */
record Caller(String customerId, boolean operator) {
    private static final String OPERATOR = "operator";

    static Caller of(JsonObject claims) {
        boolean operator = claims.getValue("realm_access") instanceof JsonObject access
                && access.getValue("roles") instanceof JsonArray roles
                && roles.contains(OPERATOR);
        return new Caller(claims.getValue("customerId") instanceof String id ? id : null, operator);
    }

    /** @param id as it stands in a path, in either case */
    boolean owns(String id) {
        return customerId != null && customerId.equalsIgnoreCase(id);
    }
}
