package dev.doorbell.customer;

import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.customer.usecase.RegistrationSecrets;
import dev.doorbell.service.token.TokenConfig;
import java.time.Duration;

/**
 * Where customers have their users, and how these get in.
 *
 * @param keycloak where users are made
 * @param tokens whose tokens are accepted
 * @param secrets by which first passwords are set
 * @param secretLife since the registration has succeeded
 */
public record IdentityConfig(
        KeycloakConfig keycloak, TokenConfig tokens, RegistrationSecrets secrets, Duration secretLife) {}
