package dev.doorbell.service.token;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's keys, kept in step with what it publishes: read at the start, again every few minutes, and when a token names
 * a key that is not among them, but then not sooner than {@link TokenConfig#refreshMin} after the last reading. Each reading
 * replaces all of them; one that fails leaves them as they are, so that an issuer that is down does not lock anybody out.
 * Use from one event loop.
 */
final class SigningKeys {
    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    /** Requests that wait for one reading; more are told at once that the key is not known. */
    private static final int WAITING_MAX = 200;

    private final Vertx vertx;
    private final TokenConfig config;
    private final KeysEndpoint endpoint;
    private final LongSupplier nanos;
    private KeySet current;
    /** Of the reading that {@link #current} comes from, when it began; null until there was one. */
    private volatile Long currentSinceNanos;

    private Future<Void> reading;
    private long readAtNanos;
    private int waiting;
    private long timer = -1;
    private boolean failing;
    private boolean stopped;

    SigningKeys(Vertx vertx, TokenConfig config, LongSupplier nanos) {
        this.vertx = vertx;
        this.config = config;
        this.endpoint = new KeysEndpoint(vertx, config);
        this.nanos = nanos;
    }

    /** Not awaited by anybody: without its issuer the service starts, and tells that it has no keys. */
    void start() {
        read();
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        endpoint.close();
        if (current != null) {
            current.close();
        }
    }

    /** Null until they have been read once. */
    KeySet current() {
        return current;
    }

    /** Since the issuer last published them, for all that is known; empty until they have been read once. Of any thread. */
    Optional<Duration> age() {
        Long since = currentSinceNanos;
        return since == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanos.getAsLong() - since));
    }

    /** The keys after one more look, if one is due: a token names a key that is not among them. Never fails. */
    Future<KeySet> lookAgain() {
        if (reading == null
                && nanos.getAsLong() - readAtNanos < config.refreshMin().toNanos()) {
            return Future.succeededFuture(current);
        }
        if (waiting >= WAITING_MAX) {
            return Future.succeededFuture(current);
        }
        Future<Void> now = reading == null ? read() : reading;
        waiting++;
        return now.transform(done -> {
            waiting--;
            return Future.succeededFuture(current);
        });
    }

    private Future<Void> read() {
        vertx.cancelTimer(timer);
        readAtNanos = nanos.getAsLong();
        Promise<Void> done = Promise.promise();
        reading = done.future();
        endpoint.read().map(this::keySet).onComplete(read -> {
            reading = null;
            if (stopped) {
                done.complete();
                return;
            }
            if (read.succeeded()) {
                replace(read.result());
            } else {
                note(read.cause());
            }
            long delayMs = (current == null ? config.retryAfter() : config.refreshEvery()).toMillis();
            timer = vertx.setTimer(delayMs, tick -> read());
            done.complete();
        });
        return done.future();
    }

    private KeySet keySet(JsonObject published) {
        return new KeySet(vertx, published, config);
    }

    private void replace(KeySet read) {
        KeySet before = current;
        current = read;
        currentSinceNanos = readAtNanos;
        if (before != null) {
            before.close();
        }
        if (failing) {
            log.info("The keys of {} can be read again", config.issuer());
        }
        failing = false;
    }

    private void note(Throwable failure) {
        if (!failing) {
            log.warn(
                    "The keys of {} cannot be read at {}, {}: {}",
                    config.issuer(),
                    config.keysUrl(),
                    current == null ? "and no token can be checked" : "those that were read last stay in use",
                    failure.getMessage());
        }
        failing = true;
    }
}
