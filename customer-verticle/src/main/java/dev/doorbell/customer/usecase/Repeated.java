package dev.doorbell.customer.usecase;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Work that begins again a pause after its last run has ended, so that two runs never overlap. Use from one event loop. */
final class Repeated {
    private static final long STOP_TIMEOUT_S = 10;

    private final Vertx vertx;
    private final Duration pause;
    private final Supplier<Future<?>> work;
    private final Consumer<Throwable> onFailure;
    private Future<?> running = Future.succeededFuture();
    private long timer = -1;
    private boolean stopped;

    /** @param onFailure told of a run that failed, unless it was stopped; the next one comes all the same */
    Repeated(Vertx vertx, Duration pause, Supplier<Future<?>> work, Consumer<Throwable> onFailure) {
        this.vertx = vertx;
        this.pause = pause;
        this.work = work;
        this.onFailure = onFailure;
    }

    /** The first run is a pause away. */
    void start() {
        timer = vertx.setTimer(pause.toMillis(), tick -> {
            running = work.get();
            running.onComplete(done -> {
                if (stopped) {
                    return;
                }
                if (done.failed()) {
                    onFailure.accept(done.cause());
                }
                start();
            });
        });
    }

    boolean isStopped() {
        return stopped;
    }

    /** No run begins any more; completes when the one in work has ended, or after 10 s. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running.timeout(STOP_TIMEOUT_S, TimeUnit.SECONDS)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
