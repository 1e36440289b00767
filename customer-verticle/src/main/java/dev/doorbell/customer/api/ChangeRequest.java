package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.customer.domain.CustomerChange;
import dev.doorbell.service.Problem;
import java.util.Set;

/** The body of {@code PATCH /customers/{id}}: what is absent stays as it is; nothing can be taken away. */
final class ChangeRequest {
    private static final Set<String> FIELDS = Set.of("firstName", "lastName");

    private ChangeRequest() {}

    /** @return the change, or null when {@code fields} has noted something wrong */
    static CustomerChange read(JsonNode body, Fields fields) {
        if (!body.isObject() || body.isEmpty()) {
            fields.violations().add(Problem.Violation.pointer("", "is not a JSON object with something to change"));
            return null;
        }
        fields.refuseUnknown(body, "", FIELDS);
        String firstName =
                body.has("firstName") ? fields.required(body, "/firstName", RegistrationRequest::name) : null;
        String lastName = body.has("lastName") ? fields.required(body, "/lastName", RegistrationRequest::name) : null;
        return fields.violations().isEmpty() ? new CustomerChange(firstName, lastName) : null;
    }
}
