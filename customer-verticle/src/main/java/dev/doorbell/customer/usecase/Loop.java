package dev.doorbell.customer.usecase;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Steps one after the other, with one promise for all: futures nested as deep as there are steps would overflow the stack
 * at the end. A step that is complete at once does not nest either.
 */
final class Loop {
    private final Supplier<Future<Boolean>> step;
    private final Promise<Void> end = Promise.promise();

    private Loop(Supplier<Future<Boolean>> step) {
        this.step = step;
    }

    /** @param step answers whether another one follows */
    static Future<Void> whileTrue(Supplier<Future<Boolean>> step) {
        Loop loop = new Loop(step);
        loop.run();
        return loop.end.future();
    }

    static <T> Future<Void> over(Iterable<T> items, Function<T, Future<Void>> work) {
        Iterator<T> iterator = items.iterator();
        return whileTrue(
                () -> iterator.hasNext() ? work.apply(iterator.next()).map(true) : Future.succeededFuture(false));
    }

    private void run() {
        while (true) {
            Future<Boolean> made = step.get();
            if (!made.isComplete()) {
                made.onComplete(more -> {
                    if (goesOn(made)) {
                        run();
                    }
                });
                return;
            }
            if (!goesOn(made)) {
                return;
            }
        }
    }

    private boolean goesOn(Future<Boolean> made) {
        if (made.failed()) {
            end.fail(made.cause());
            return false;
        }
        if (!made.result()) {
            end.complete();
        }
        return made.result();
    }
}
