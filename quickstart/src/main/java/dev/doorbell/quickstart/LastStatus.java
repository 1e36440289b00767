package dev.doorbell.quickstart;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Flow;

/** Keeps the last status of a stream of server-sent events. */
final class LastStatus implements Flow.Subscriber<String> {
    private static final String DATA = "data: ";

    private volatile JsonObject status = new JsonObject();

    /** Empty before the first. */
    JsonObject get() {
        return status;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.startsWith(DATA)) {
            status = new JsonObject(line.substring(DATA.length()));
        }
    }

    @Override
    public void onError(Throwable error) {
        // The request's own future tells it.
    }

    @Override
    public void onComplete() {
        // So it does this.
    }
}
