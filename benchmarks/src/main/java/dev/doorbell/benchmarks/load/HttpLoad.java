package dev.doorbell.benchmarks.load;

import dev.doorbell.benchmarks.measure.BenchmarkException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Clients of {@code POST /customers}, a connection each, the next request as soon as the last has been answered (closed
 * model). On one event loop, which is little beside what it drives.
 */
public final class HttpLoad implements AutoCloseable {
    private static final int ACCEPTED = 202;
    private static final long ANSWER_MICROS_MAX = 600_000_000L;
    private static final Duration LAST_ANSWER_LIMIT = Duration.ofMinutes(1);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int NAME_LENGTH = 18;
    private static final int LETTERS = 26;
    private static final String BODY = """
            {"firstName":"Robin","lastName":"Sample","username":"%s","card":{"number":"4111111111111111",\
            "holderName":"R Sample","cvv":"123","validThru":"2035-12-31","balance":"100.00"}}""";

    /**
     * What came back.
     *
     * @param accepted answers 202; anything else is refused
     * @param answers microseconds to each answer
     */
    public record Answered(long accepted, long refused, double acceptedPerS, Histogram answers) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int port;
    private final int connections;

    public HttpLoad(int port, int connections) {
        this.port = port;
        this.connections = connections;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true),
                new PoolOptions().setHttp1MaxSize(connections).setEventLoopSize(1));
    }

    /** Returns when the time is over and every client has had its last answer. */
    public Answered register(Duration duration) {
        Counts counts = new Counts();
        long startedAt = System.nanoTime();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            clients.add(ended);
            next(counts, startedAt + duration.toNanos(), ended);
        }
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new))
                .orTimeout(duration.plus(LAST_ANSWER_LIMIT).toSeconds(), TimeUnit.SECONDS)
                .join();
        double seconds = (System.nanoTime() - startedAt) / NANOS_PER_SECOND;
        synchronized (counts) {
            if (counts.accepted == 0) {
                throw new BenchmarkException("no registration was accepted: " + counts.problem);
            }
            return new Answered(counts.accepted, counts.refused, counts.accepted / seconds, counts.answers.copy());
        }
    }

    private void next(Counts counts, long until, CompletableFuture<Void> ended) {
        if (System.nanoTime() - until >= 0) {
            ended.complete(null);
            return;
        }
        long sentAt = System.nanoTime();
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/customers")
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> send(request))
                .onComplete(result -> {
                    counts.add(
                            result.succeeded() ? result.result() : 0,
                            result.cause(),
                            (System.nanoTime() - sentAt) / 1_000);
                    next(counts, until, ended);
                });
    }

    private static io.vertx.core.Future<Integer> send(HttpClientRequest request) {
        return request.send(BODY.formatted(name()))
                .compose(response -> response.body().map(response.statusCode()));
    }

    /** Letters alone, because digits could make a card number. */
    private static String name() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder name = new StringBuilder(NAME_LENGTH);
        for (int i = 0; i < NAME_LENGTH; i++) {
            name.append((char) ('a' + random.nextInt(LETTERS)));
        }
        return name.toString();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static final class Counts {
        private final Histogram answers = new Histogram(ANSWER_MICROS_MAX, 3);
        private long accepted;
        private long refused;
        private String problem = "no answer";

        private synchronized void add(int status, Throwable failure, long micros) {
            answers.recordValue(Math.min(micros, ANSWER_MICROS_MAX));
            if (status == ACCEPTED) {
                accepted++;
            } else {
                refused++;
                problem = failure == null ? "status " + status : failure.toString();
            }
        }
    }
}
