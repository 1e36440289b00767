package dev.doorbell.relay;

import io.vertx.core.Future;
import java.util.function.Consumer;

/** Goes on with what statements bring, until it is ended: what comes back after that is dropped. One event loop. */
final class UntilEnded {
    private final Consumer<Throwable> onFailure;
    private boolean ended;

    /** @param onFailure called with what fails before the end, {@code then} itself included */
    UntilEnded(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    <T> void run(Future<T> future, Consumer<T> then) {
        future.map(result -> {
                    if (!ended) {
                        then.accept(result);
                    }
                    return null;
                })
                .onFailure(error -> {
                    if (!ended) {
                        onFailure.accept(error);
                    }
                });
    }

    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }
}
