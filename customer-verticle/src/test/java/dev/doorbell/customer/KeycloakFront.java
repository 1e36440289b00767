package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.get;

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
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before the real Keycloak and makes the faults that it cannot be asked for: an answer replaced after the request has
 * had its effect, a request held up, a connection cut. Everything else is passed on as it is.
 */
public final class KeycloakFront {
    /** What happens to one request. */
    public interface Fault {
        void apply(KeycloakFront front, HttpServerRequest request, Buffer body);
    }

    private record Planned(HttpMethod method, String pathEnd, Fault fault) {}

    private final URI target;
    private final HttpClient client;
    private final HttpServer server;
    private final Queue<Planned> planned = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger underWayMax = new AtomicInteger();
    private final List<Integer> lateAnswers = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    public KeycloakFront(Vertx vertx, String target) {
        this.target = URI.create(target);
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(50));
        server = get(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** The next request of this kind is met by the fault. */
    public void next(HttpMethod method, String pathEnd, Fault fault) {
        planned.add(new Planned(method, pathEnd, fault));
    }

    /** The effect takes place, and the client is told something else. */
    public static Fault answerAfterEffect(int status) {
        return (front, request, body) -> front.pass(request, body)
                .onComplete(done -> request.response().setStatusCode(status).end());
    }

    /** As if there was no fault: the one that is planned next meets the request after this. */
    public static Fault none() {
        return (front, request, body) -> front.passAndAnswer(request, body);
    }

    /** An answer that never seems to end. */
    public static Fault answerOf(int bytes) {
        return (front, request, body) ->
                request.response().setStatusCode(200).end(Buffer.buffer("[\"" + "x".repeat(bytes) + "\"]"));
    }

    /** No effect. */
    public static Fault answer(int status, String... header) {
        return (front, request, body) -> {
            if (header.length == 2) {
                request.response().putHeader(header[0], header[1]);
            }
            request.response().setStatusCode(status).end("{}");
        };
    }

    /** No effect, and no answer. */
    public static Fault cut() {
        return (front, request, body) -> request.connection().close();
    }

    /** Held up until {@code release} is completed, then passed on, whether or not the client still waits. */
    public static Fault holdUntil(Future<?> release) {
        return (front, request, body) -> release.onComplete(go -> front.passAndAnswer(request, body));
    }

    /** As a Keycloak that is down: every connection is cut. */
    public void down() {
        down = true;
    }

    public void up() {
        down = false;
    }

    public long count(HttpMethod method, String pathEnd) {
        return requests.stream()
                .filter(line -> line.startsWith(method + " ") && line.endsWith(pathEnd))
                .count();
    }

    public int count() {
        return requests.size();
    }

    /** How many could have changed something in Keycloak. */
    public long writes() {
        return requests.stream()
                .filter(line -> !line.startsWith("GET ") && !line.endsWith("/token"))
                .count();
    }

    /** The statuses of answers that nobody waited for any more. */
    public List<Integer> lateAnswers() {
        return lateAnswers;
    }

    public int underWayMax() {
        return underWayMax.get();
    }

    private void take(HttpServerRequest request) {
        requests.add(request.method() + " " + request.path());
        if (down) {
            request.connection().close();
            return;
        }
        underWayMax.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        request.response().closeHandler(gone -> {}).endHandler(ended -> underWay.decrementAndGet());
        request.body().onSuccess(body -> {
            for (Planned plan : planned) {
                if (plan.method().equals(request.method())
                        && request.path().endsWith(plan.pathEnd())
                        && planned.remove(plan)) {
                    plan.fault().apply(this, request, body);
                    return;
                }
            }
            passAndAnswer(request, body);
        });
    }

    private void passAndAnswer(HttpServerRequest request, Buffer body) {
        pass(request, body)
                .onComplete(
                        answer -> answer(request, answer),
                        failure -> request.connection().close());
    }

    private void answer(HttpServerRequest request, Answer answer) {
        if (request.response().closed()) {
            lateAnswers.add(answer.status());
            return;
        }
        request.response().setStatusCode(answer.status());
        answer.headers().forEach(header -> request.response().putHeader(header.name(), header.value()));
        request.response().end(answer.body());
    }

    private record Header(String name, String value) {}

    private record Answer(int status, List<Header> headers, Buffer body) {}

    private Future<Answer> pass(HttpServerRequest request, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(target.getHost())
                .setPort(target.getPort())
                .setURI(request.uri());
        for (CharSequence name : List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE)) {
            if (request.getHeader(name) != null) {
                options.putHeader(name, request.getHeader(name));
            }
        }
        Promise<Answer> answer = Promise.promise();
        client.request(options)
                .compose(passed -> passed.send(body))
                .compose(response -> response.body()
                        .map(content -> new Answer(
                                response.statusCode(),
                                response.headers().entries().stream()
                                        .filter(header -> List.of("location", "content-type", "retry-after")
                                                .contains(header.getKey().toLowerCase(Locale.ROOT)))
                                        .map(header -> new Header(header.getKey(), header.getValue()))
                                        .toList(),
                                content)))
                .onComplete(answer);
        return answer.future();
    }
}
