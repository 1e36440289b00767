package dev.doorbell.system.faults;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Stands before Keycloak and makes the faults that no network makes: an answer that says otherwise than what was done, or
 * never comes although it was done, and a request that arrives when nobody waits for it any more. Everything else is
 * passed on as it is; where Keycloak is not there the connection is cut. May be used from any thread.
 */
final class KeycloakFront implements AutoCloseable {
    /** The requests by which the users change. */
    enum Operation {
        CREATE(HttpMethod.POST, "/admin/realms/[^/]+/users"),
        ENABLE(HttpMethod.PUT, "/admin/realms/[^/]+/users/[^/]+"),
        REMOVE(HttpMethod.DELETE, "/admin/realms/[^/]+/users/[^/]+");

        private final HttpMethod method;
        private final Pattern path;

        Operation(HttpMethod method, String path) {
            this.method = method;
            this.path = Pattern.compile(path);
        }
    }

    /** What becomes of a request. */
    enum Treatment {
        /** Done, and answered with 500. */
        ERROR,
        /** Done, and the connection ends without an answer. */
        CUT,
        /** Held up until {@link #heal}, then passed on, whether or not somebody still waits. */
        LATE
    }

    private static final int ERROR_STATUS = 500;
    private static final List<String> HEADERS = List.of("location", "content-type", "retry-after");
    private static final int CONNECTIONS_MAX = 100;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    private final int keycloakPort;
    private final int port;
    private final Map<Operation, AtomicLong> met = new EnumMap<>(Operation.class);
    private final Map<Operation, Semaphore> turns = new EnumMap<>(Operation.class);
    private final Map<Operation, Treatment> treatments = new EnumMap<>(Operation.class);
    private final Map<Operation, Promise<Void>> held = new EnumMap<>(Operation.class);

    private KeycloakFront(int keycloakPort) {
        this.keycloakPort = keycloakPort;
        for (Operation operation : Operation.values()) {
            met.put(operation, new AtomicLong());
            turns.put(operation, new Semaphore(1));
        }
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::take)
                .listen(0, "127.0.0.1")
                .await();
        this.port = server.actualPort();
    }

    /** Listens on a free port. Keycloak need not be there yet. */
    static KeycloakFront start(int keycloakPort) {
        return new KeycloakFront(keycloakPort);
    }

    int port() {
        return port;
    }

    /** Every such request until {@link #heal} is treated so. Waits until no other fault treats them. */
    void treat(Operation operation, Treatment treatment) {
        turns.get(operation).acquireUninterruptibly();
        synchronized (this) {
            treatments.put(operation, treatment);
            held.put(operation, Promise.promise());
        }
    }

    /** How many requests of the kind have been treated so far. */
    long met(Operation operation) {
        return met.get(operation).get();
    }

    /** Once for each {@link #treat}. */
    synchronized void heal(Operation operation) {
        treatments.remove(operation);
        held.remove(operation).tryComplete();
        turns.get(operation).release();
    }

    /** The operations that are treated in some way. */
    synchronized List<String> unhealed() {
        return treatments.keySet().stream()
                .map(operation -> World.KEYCLOAK + "/" + operation.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private record Plan(Operation operation, Treatment treatment, Future<Void> release) {}

    private synchronized Plan plan(HttpServerRequest request) {
        for (Map.Entry<Operation, Treatment> treatment : treatments.entrySet()) {
            Operation operation = treatment.getKey();
            if (operation.method.equals(request.method())
                    && operation.path.matcher(request.path()).matches()) {
                return new Plan(
                        operation, treatment.getValue(), held.get(operation).future());
            }
        }
        return null;
    }

    private void take(HttpServerRequest request) {
        Plan plan = plan(request);
        request.body().onSuccess(body -> {
            if (plan == null) {
                passAndAnswer(request, body);
            } else if (plan.treatment() == Treatment.LATE) {
                met.get(plan.operation()).incrementAndGet();
                plan.release().onComplete(now -> passAndAnswer(request, body));
            } else {
                pass(request, body).onComplete(answer -> treated(request, plan, answer.succeeded()));
            }
        });
    }

    /** What was not done cannot be answered wrongly: that counts as nothing, and looks like a Keycloak that is away. */
    private void treated(HttpServerRequest request, Plan plan, boolean passed) {
        if (passed) {
            met.get(plan.operation()).incrementAndGet();
        }
        if (passed && plan.treatment() == Treatment.ERROR && !request.response().closed()) {
            request.response().setStatusCode(ERROR_STATUS).end("{\"error\":\"unknown_error\"}");
        } else {
            request.connection().close();
        }
    }

    private void passAndAnswer(HttpServerRequest request, Buffer body) {
        pass(request, body)
                .onComplete(
                        answer -> answer(request, answer),
                        failure -> request.connection().close());
    }

    private static void answer(HttpServerRequest request, Answer answer) {
        if (!request.response().closed()) {
            request.response().setStatusCode(answer.status());
            answer.headers().forEach((name, value) -> request.response().putHeader(name, value));
            request.response().end(answer.body());
        }
    }

    private record Answer(int status, Map<String, String> headers, Buffer body) {}

    private Future<Answer> pass(HttpServerRequest request, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost("127.0.0.1")
                .setPort(keycloakPort)
                .setURI(request.uri());
        for (CharSequence name : List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE)) {
            if (request.getHeader(name) != null) {
                options.putHeader(name, request.getHeader(name));
            }
        }
        return client.request(options)
                .compose(passed -> passed.send(body))
                .compose(response -> response.body().map(content -> {
                    Map<String, String> headers = new HashMap<>();
                    HEADERS.stream()
                            .filter(name -> response.getHeader(name) != null)
                            .forEach(name -> headers.put(name, response.getHeader(name)));
                    return new Answer(response.statusCode(), headers, content);
                }));
    }

    /** Lets go of what is held, which arrives nowhere any more. */
    @Override
    public void close() {
        vertx.close().await();
    }
}
