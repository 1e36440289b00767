package dev.doorbell.payment.usecase;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;

/** The domain speaks the JDK's futures, everything around it those of Vert.x. */
final class Stages {
    private Stages() {}

    /** Completes on the caller's event loop, whichever thread of a processor's client completes the stage. */
    static <T> Future<T> future(CompletionStage<T> stage) {
        Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(stage) : Future.fromCompletionStage(stage, context);
    }
}
