package dev.doorbell.customer.keycloak;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;

/** A user's representation as Keycloak gave it: whole, because an update replaces the whole. */
record KeycloakUser(JsonObject representation) {
    static final String CUSTOMER_ID = "customerId";

    /** Null for what is no user. */
    static KeycloakUser of(JsonObject representation) {
        return representation == null || representation.getString("id") == null
                ? null
                : new KeycloakUser(representation);
    }

    String id() {
        return representation.getString("id");
    }

    String username() {
        return representation.getString("username");
    }

    boolean isEnabled() {
        return representation.getBoolean("enabled", false);
    }

    /** Whose user it is; empty for one that is not ours. */
    Optional<UUID> customerId() {
        JsonObject attributes = representation.getJsonObject("attributes", new JsonObject());
        JsonArray values = attributes.getJsonArray(CUSTOMER_ID, new JsonArray());
        try {
            return values.size() == 1 ? Optional.of(UUID.fromString(values.getString(0))) : Optional.empty();
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }

    boolean belongsTo(UUID customerId) {
        return customerId().filter(customerId::equals).isPresent();
    }

    KeycloakUser enabled(boolean enabled) {
        return new KeycloakUser(representation.copy().put("enabled", enabled));
    }

    /** With whatever else it carries. */
    KeycloakUser withCustomerId(UUID customerId) {
        JsonObject changed = representation.copy();
        JsonObject attributes = changed.getJsonObject("attributes", new JsonObject());
        attributes.put(CUSTOMER_ID, new JsonArray().add(customerId.toString()));
        return new KeycloakUser(changed.put("attributes", attributes));
    }
}
