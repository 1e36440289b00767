package dev.doorbell.customer.api;

import dev.doorbell.customer.domain.RegistrationView;
import dev.doorbell.customer.usecase.FindCustomer;
import dev.doorbell.customer.usecase.WatchRegistrations;
import dev.doorbell.service.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** {@code GET /registrations/{id}}: once as JSON, or live as server-sent events until it is terminal. */
public final class RegistrationRoutes {
    private static final String EVENT_STREAM = "text/event-stream";

    private final Vertx vertx;
    private final FindCustomer find;
    private final WatchRegistrations watch;
    /** As many as there are watchers, which are limited. */
    private final Set<StatusStream> open = new HashSet<>();

    private boolean closed;

    public RegistrationRoutes(Vertx vertx, FindCustomer find, WatchRegistrations watch) {
        this.vertx = vertx;
        this.find = find;
        this.watch = watch;
    }

    public void mount(Router router) {
        router.get("/registrations/:id").handler(this::find);
    }

    /** Ends the open streams, or the server would wait for them; their clients come back, to another instance. */
    public void close() {
        closed = true;
        List.copyOf(open).forEach(StatusStream::end);
    }

    private void find(RoutingContext request) {
        UUID id = PathId.read(request);
        if (id == null) {
            return;
        }
        find.registration(id)
                .onSuccess(found -> {
                    request.response()
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .putHeader("Vary", "Accept");
                    if (found.isEmpty()) {
                        Problem.of(404, "There is no such registration.").send(request);
                    } else if (wantsEvents(request)) {
                        stream(request, found.get());
                    } else {
                        request.json(toJson(found.get()));
                    }
                })
                .onFailure(request::fail);
    }

    private static boolean wantsEvents(RoutingContext request) {
        String accept = request.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(EVENT_STREAM);
    }

    private void stream(RoutingContext request, RegistrationView now) {
        StatusStream stream = new StatusStream(vertx, request.response());
        if (now.status().isTerminal() || closed) {
            stream.begin(toJson(now));
            stream.end();
            return;
        }
        Runnable unwatch = watch.watch(now.id(), settled -> {
            stream.send(toJson(settled));
            stream.end();
        });
        if (unwatch == null) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            Problem.of(503, "Too many registrations are being watched.").send(request);
            return;
        }
        open.add(stream);
        stream.onEnd(() -> {
            unwatch.run();
            open.remove(stream);
        });
        stream.begin(toJson(now));
    }

    static JsonObject toJson(RegistrationView view) {
        JsonObject json = new JsonObject()
                .put("id", view.id().toString())
                .put("status", view.status().name())
                .put("createdAt", view.createdAt().toString());
        if (view.reason() != null) {
            json.put("reason", view.reason());
        }
        if (view.settledAt() != null) {
            json.put("settledAt", view.settledAt().toString());
        }
        return json;
    }
}
