package dev.doorbell.service;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;

/**
 * An error as the services answer it: problem details of RFC 9457. Nothing in it repeats a value that the client sent,
 * which may be a secret or a script.
 *
 * @param type a URI that names the kind of problem; {@code about:blank} says that the status tells it all
 * @param title the same for every problem of the type
 * @param status the HTTP status
 * @param detail what is wrong this time, for a person; may be null
 * @param errors each wrong part of the request; no more than {@link #ERRORS_MAX}, the rest is left out
 */
public record Problem(String type, String title, int status, String detail, List<Violation> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";
    public static final String TYPE_BLANK = "about:blank";
    /** A body may hold thousands of wrong fields; its sender needs the first of them. */
    public static final int ERRORS_MAX = 50;

    private static final int PARAMETER_LENGTH_MAX = 64;

    /**
     * One wrong part of a request: a place in the body or a parameter, the other is null.
     *
     * @param pointer a JSON pointer (RFC 6901) into the body
     * @param parameter the name of a query parameter, path parameter or header
     * @param detail what would be right
     */
    public record Violation(String pointer, String parameter, String detail) {
        public Violation {
            Objects.requireNonNull(detail, "detail");
        }

        public static Violation pointer(String pointer, String detail) {
            return new Violation(pointer, null, detail);
        }

        /** @param name cut to 64 characters: the name of an unknown parameter is the client's own text */
        public static Violation parameter(String name, String detail) {
            int end = Math.min(name.length(), PARAMETER_LENGTH_MAX);
            return new Violation(null, name.substring(0, end), detail);
        }

        JsonObject toJson() {
            JsonObject json = new JsonObject();
            if (pointer != null) {
                json.put("pointer", pointer);
            }
            if (parameter != null) {
                json.put("parameter", parameter);
            }
            return json.put("detail", detail);
        }
    }

    public Problem {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(title, "title");
        errors = List.copyOf(errors.size() > ERRORS_MAX ? errors.subList(0, ERRORS_MAX) : errors);
    }

    /** A problem that its status names well enough; {@code detail} may be null. */
    public static Problem of(int status, String detail) {
        return new Problem(TYPE_BLANK, HttpResponseStatus.valueOf(status).reasonPhrase(), status, detail, List.of());
    }

    /** 400 with every wrong part of the request at once. */
    public static Problem invalid(List<Violation> errors) {
        String detail = "The request is not valid; errors names each wrong part.";
        return new Problem(TYPE_BLANK, HttpResponseStatus.BAD_REQUEST.reasonPhrase(), 400, detail, errors);
    }

    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("type", type).put("title", title).put("status", status);
        if (detail != null) {
            json.put("detail", detail);
        }
        if (!errors.isEmpty()) {
            json.put(
                    "errors",
                    new JsonArray(errors.stream().map(Violation::toJson).toList()));
        }
        return json;
    }

    /** Ends the response with this problem. Headers already set on the response go along. */
    public void send(RoutingContext request) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(toJson().toBuffer());
    }
}
