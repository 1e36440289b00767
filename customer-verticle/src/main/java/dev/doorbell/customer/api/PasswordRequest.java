package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.service.Problem;
import java.util.Set;

/** The body of {@code POST /registrations/{id}/password}. Neither of the two is ever repeated or logged. */
record PasswordRequest(String secret, String password) {
    private static final Set<String> FIELDS = Set.of("secret", "password");
    private static final int SECRET_LENGTH_MAX = 200;
    /** A limit on what the provider has to hash. */
    private static final int PASSWORD_LENGTH_MAX = 128;

    /** @return null when {@code fields} has noted something wrong */
    static PasswordRequest read(JsonNode body, Fields fields) {
        if (!body.isObject()) {
            fields.violations().add(Problem.Violation.pointer("", "is not a JSON object"));
            return null;
        }
        fields.refuseUnknown(body, "", FIELDS);
        String secret = fields.required(body, "/secret", value -> text(value, SECRET_LENGTH_MAX));
        String password = fields.required(body, "/password", value -> text(value, PASSWORD_LENGTH_MAX));
        return fields.violations().isEmpty() ? new PasswordRequest(secret, password) : null;
    }

    private static String text(JsonNode value, int lengthMax) {
        if (!value.isTextual()) {
            throw new Fields.Refused("is not a string");
        }
        String text = value.textValue();
        boolean valid = !text.isEmpty()
                && text.length() <= lengthMax
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!valid) {
            throw new Fields.Refused("is empty, longer than " + lengthMax + " characters or has control characters");
        }
        return text;
    }

    /** Without both. */
    @Override
    public String toString() {
        return "a password and its secret";
    }
}
