package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.service.Problem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the fields out of a JSON body and notes each that is wrong, so that the client hears of all of them at once.
 * Nothing it notes repeats a value.
 */
final class Fields {
    /** What a reader answers for a value that it does not accept. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String detail) {
            super(detail, null, false, false);
        }
    }

    private final List<Problem.Violation> violations = new ArrayList<>();

    List<Problem.Violation> violations() {
        return violations;
    }

    /** @return the field as {@code reader} makes it, or null after noting what is wrong with it */
    <T> T required(JsonNode object, String pointer, Function<JsonNode, T> reader) {
        JsonNode value = object.get(pointer.substring(pointer.lastIndexOf('/') + 1));
        if (value == null || value.isNull()) {
            violations.add(Problem.Violation.pointer(pointer, "is missing"));
            return null;
        }
        try {
            return reader.apply(value);
        } catch (Refused e) {
            violations.add(Problem.Violation.pointer(pointer, e.getMessage()));
            return null;
        }
    }

    /** Notes whatever {@code object} has beyond {@code known}: a misspelt field must not be taken for an absent one. */
    void refuseUnknown(JsonNode object, String pointer, Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                violations.add(Problem.Violation.pointer(pointer + "/" + escaped(name), "is not a known field"));
            }
        }
    }

    /** RFC 6901, section 3; the name is the client's own text, so it is also cut. */
    private static String escaped(String name) {
        String cut = name.length() <= 64 ? name : name.substring(0, 64);
        return cut.replace("~", "~0").replace("/", "~1");
    }
}
