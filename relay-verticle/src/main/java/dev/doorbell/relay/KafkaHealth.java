package dev.doorbell.relay;

import dev.doorbell.service.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Whether Kafka answers, asked at most once in two seconds however often readiness is. Degraded when not: events wait in
 * the outbox. Use from one event loop.
 */
final class KafkaHealth {
    private static final long ANSWER_VALID_NS = TimeUnit.SECONDS.toNanos(2);
    /** Below the 3 s after which a health check counts as down. */
    private static final long ANSWER_TIMEOUT_MS = 2_500;

    private final Vertx vertx;
    private final KafkaTopics topics;
    private Future<Health.Check> answer;
    private long askedAtNs;

    KafkaHealth(Vertx vertx, KafkaTopics topics) {
        this.vertx = vertx;
        this.topics = topics;
    }

    Future<Health.Check> check() {
        long nowNs = System.nanoTime();
        if (answer == null || answer.isComplete() && nowNs - askedAtNs > ANSWER_VALID_NS) {
            askedAtNs = nowNs;
            answer = topics.reachable(vertx)
                    .timeout(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .map(Health.Check.UP)
                    .otherwise(error -> Health.Check.degraded(PublishFailure.describe(error)));
        }
        return answer;
    }
}
