package dev.doorbell.payment.api;

import dev.doorbell.service.Problem.Violation;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The query parameters of {@code GET /payments}, with everything that is wrong with them at once.
 *
 * @param customerId null when there are violations
 */
record PaymentQuery(UUID customerId, List<Violation> violations) {
    private static final String CUSTOMER_ID = "customerId";
    /** UUID.fromString also takes shortened groups, which would give one customer many names. */
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    static PaymentQuery read(MultiMap parameters) {
        List<Violation> violations = new ArrayList<>();
        List<String> given = parameters.getAll(CUSTOMER_ID);
        if (given.isEmpty()) {
            violations.add(Violation.parameter(CUSTOMER_ID, "is missing"));
        } else if (given.size() > 1) {
            violations.add(Violation.parameter(CUSTOMER_ID, "is given more than once"));
        } else if (!UUID_TEXT.matcher(given.get(0)).matches()) {
            violations.add(Violation.parameter(CUSTOMER_ID, "is not a UUID"));
        }
        // A misspelt filter that is ignored would answer another question than was asked.
        parameters.names().stream()
                .filter(name -> !name.equals(CUSTOMER_ID))
                .sorted()
                .forEach(name -> violations.add(Violation.parameter(name, "is unknown")));
        return new PaymentQuery(violations.isEmpty() ? UUID.fromString(given.get(0)) : null, violations);
    }
}
