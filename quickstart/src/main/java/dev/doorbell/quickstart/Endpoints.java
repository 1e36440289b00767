package dev.doorbell.quickstart;

import dev.doorbell.localstack.LocalKeycloak;
import dev.doorbell.localstack.LocalStack;

/** What the user can do now. */
final class Endpoints {
    private Endpoints() {}

    static String describe(LocalStack stack, Services services, Users users) {
        return """
                The system stays up until Ctrl-C.

                  customer  %1$s  (/customers, /registrations/{id}, /openapi.yaml, /health/ready, /metrics)
                  payment   %2$s  (/payments?customerId=, /openapi.yaml, /health/ready, /metrics)
                  relay     %3$s  (/health/ready, /metrics)
                  database  %4$s
                            %5$s
                  kafka     %6$s

                Register somebody:

                  curl -i %1$s/customers -H 'Content-Type: application/json' -d '{"firstName":"Robin","lastName":"Sample","username":"robin","card":{"number":"4111111111111111","holderName":"G Sample","cvv":"123","validThru":"2035-12-31","balance":"100.00"}}'

                and follow it, with the id from the answer:

                  curl -N -H 'Accept: text/event-stream' %1$s/registrations/{id}
                """.formatted(
                                services.customerAddress(),
                                services.paymentAddress(),
                                services.relayAddress(),
                                stack.postgres().url("customers"),
                                stack.postgres().url("payments"),
                                stack.kafka().bootstrapServers())
                + (users.areThere() ? signIn(services, users.awaitKeycloak()) : "");
    }

    private static String signIn(Services services, LocalKeycloak keycloak) {
        return """

                  keycloak  %2$s  (realm doorbell; its users operator and visitor have the passwords operator-local and
                            visitor-local; administrator of the server: %3$s, password %4$s)

                Set the password, with id and passwordSecret from the answer, fetch a token, read the record:

                  curl -i %1$s/registrations/{id}/password -H 'Content-Type: application/json' -d '{"secret":"{passwordSecret}","password":"a long enough one"}'
                  curl -s %2$s/realms/doorbell/protocol/openid-connect/token -d grant_type=password -d client_id=doorbell-web -d username=robin --data-urlencode 'password=a long enough one'
                  curl -i %1$s/customers/{id} -H 'Authorization: Bearer {access_token}'
                """.formatted(
                        services.customerAddress(), keycloak.url(), keycloak.adminUser(), keycloak.adminPassword());
    }
}
