package dev.doorbell.customer.api;

import dev.doorbell.service.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The {@code id} of a path. */
final class PathId {
    /** UUID.fromString also takes shortened groups, which would give one resource many names. */
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private PathId() {}

    /** @return null after having answered that it is no UUID */
    static UUID read(RoutingContext request) {
        String text = request.pathParam("id");
        if (UUID_TEXT.matcher(text).matches()) {
            return UUID.fromString(text);
        }
        Problem.invalid(List.of(Problem.Violation.parameter("id", "is not a UUID")))
                .send(request);
        return null;
    }
}
