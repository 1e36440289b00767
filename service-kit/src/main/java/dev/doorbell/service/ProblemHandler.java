package dev.doorbell.service;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a router could not answer into {@link Problem}s: unknown paths, wrong methods, bodies that are too large,
 * failures of handlers. The one place where a failure becomes an HTTP status. Expected refusals never come here: their
 * route answers them with a {@link Problem} of its own.
 */
public final class ProblemHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final int RETRY_AFTER_S = 1;

    private ProblemHandler() {}

    public static void mount(Router router) {
        for (int status = 400; status < 600; status++) {
            int code = status;
            router.errorHandler(code, request -> handle(router, request, code));
        }
    }

    private static void handle(Router router, RoutingContext request, int status) {
        if (request.response().headWritten()) {
            // A response that broke off in the middle: the client must not take the rest for the end of it.
            request.response().reset();
        } else if (status >= 500 && Unavailable.is(request.failure())) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(RETRY_AFTER_S));
            Problem.of(503, "The service is busy or its database cannot be reached. Try again.")
                    .send(request);
        } else {
            if (status == 405) {
                request.response().putHeader(HttpHeaders.ALLOW, allowed(router, request.normalizedPath()));
            }
            if (status >= 500) {
                log.error("{} {} failed", request.request().method(), request.normalizedPath(), request.failure());
            }
            Problem.of(status, detail(status)).send(request);
        }
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request is not well-formed.";
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path does not take that method; the header Allow names those it takes.";
            case 413 -> "The body is too large.";
            case 415 -> "The body has a media type that this path does not take.";
            case 500 -> "The service failed; its log says why.";
            default -> null;
        };
    }

    /** RFC 9110, 15.5.6: a 405 must name the methods that the path takes. */
    private static String allowed(Router router, String path) {
        return router.getRoutes().stream()
                .filter(route -> matches(route, path))
                .map(Route::methods)
                .filter(Objects::nonNull)
                .flatMap(methods -> methods.stream().map(HttpMethod::name))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static boolean matches(Route route, String path) {
        if (route.getPath() == null) {
            return false;
        }
        // -1 keeps the empty part behind a trailing slash, which is another path.
        String[] wanted = route.getPath().split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].startsWith(":") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
