package dev.doorbell.customer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doorbell.service.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/** A request's body in JSON: refused when it says that it is something else, read strictly when it does not. */
final class JsonBody {
    static final String JSON = "application/json";
    /** RFC 7396. */
    static final String MERGE_PATCH = "application/merge-patch+json";

    private JsonBody() {}

    static Handler<RoutingContext> required(String... mediaTypes) {
        List<String> accepted = List.of(mediaTypes);
        return request -> {
            String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
            String media = type == null ? "" : type.split(";", 2)[0].strip();
            if (accepted.stream().anyMatch(media::equalsIgnoreCase)) {
                request.next();
                return;
            }
            boolean patch = request.request().method().equals(HttpMethod.PATCH);
            request.response().putHeader(patch ? "Accept-Patch" : "Accept", String.join(", ", accepted));
            Problem.of(415, "The body must be " + String.join(" or ", accepted) + ".")
                    .send(request);
        };
    }

    /** What {@code reader} makes of the body, or null when the request has been answered. */
    static <T> T read(RoutingContext request, Function<JsonNode, T> reader, Fields fields) {
        T value = request.body().buffer() == null
                ? null
                : JsonReader.read(request.body().buffer()).map(reader).orElse(null);
        if (value == null) {
            Problem problem = fields.violations().isEmpty()
                    ? Problem.of(400, "The body is not a JSON object, or a field stands in it twice.")
                    : Problem.invalid(fields.violations());
            problem.send(request);
        }
        return value;
    }
}
