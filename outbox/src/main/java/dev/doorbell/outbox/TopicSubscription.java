package dev.doorbell.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes to the topics as they come into being, each after a look at how long it keeps its records. A topic that is
 * subscribed before it exists would be found by Kafka's client only when its metadata expire, after five minutes. Runs
 * on the consumer's event loop.
 */
final class TopicSubscription {
    private static final Logger log = LoggerFactory.getLogger(TopicSubscription.class);
    private static final long TOPIC_CHECK_MS = 250;
    private static final long RETRY_MS = 1_000;

    private final Vertx vertx;
    private final ConsumerOptions options;
    private final KafkaTopics kafka;
    private final Function<Set<String>, Future<Void>> subscriber;
    private final Set<String> subscribed = new HashSet<>();
    private final Promise<Void> started = Promise.promise();
    private long refusedSinceNanos;
    private boolean stopped;

    /** @param subscriber is given all topics that exist, whenever there are more of them */
    TopicSubscription(
            Vertx vertx, ConsumerOptions options, KafkaTopics kafka, Function<Set<String>, Future<Void>> subscriber) {
        this.vertx = vertx;
        this.options = options;
        this.kafka = kafka;
        this.subscriber = subscriber;
    }

    void start() {
        subscribeExisting();
    }

    /** Completes with the first topic, fails when a topic is refused before that. */
    Future<Void> started() {
        return started.future();
    }

    void stop() {
        stopped = true;
    }

    /** How long ago a topic was refused; zero while none is. */
    Duration refusedFor() {
        return EventConsumer.since(refusedSinceNanos);
    }

    private void subscribeExisting() {
        if (stopped) {
            return;
        }
        kafka.existing(options.topics())
                .compose(existing -> {
                    Set<String> fresh = new HashSet<>(existing);
                    fresh.removeAll(subscribed);
                    return fresh.isEmpty() ? Future.succeededFuture() : subscribe(existing, fresh);
                })
                .onComplete(result -> {
                    if (result.cause() instanceof InboxHorizonException) {
                        log.error(
                                "{} does not consume: {}",
                                options.group(),
                                result.cause().getMessage());
                        started.tryFail(result.cause());
                        refusedSinceNanos = System.nanoTime();
                    } else if (result.failed()) {
                        log.warn(
                                "Kafka does not answer, next try in {} ms: {}",
                                RETRY_MS,
                                result.cause().getMessage());
                        vertx.setTimer(RETRY_MS, timer -> subscribeExisting());
                    } else if (subscribed.size() < options.topics().size()) {
                        vertx.setTimer(TOPIC_CHECK_MS, timer -> subscribeExisting());
                    }
                });
    }

    private Future<Void> subscribe(Set<String> existing, Set<String> fresh) {
        List<Future<Void>> checks = new ArrayList<>();
        fresh.forEach(topic -> checks.add(checkHorizon(topic)));
        return Future.all(checks).compose(checked -> subscriber.apply(existing)).onSuccess(done -> {
            subscribed.addAll(existing);
            log.info("{} consumes {}", options.group(), subscribed);
            started.tryComplete();
        });
    }

    private Future<Void> checkHorizon(String topic) {
        return kafka.retention(topic).compose(retention -> {
            boolean remembered = retention == null
                    ? options.allowUnboundedTopics()
                    : options.inboxRetention().compareTo(retention) > 0;
            return remembered
                    ? Future.succeededFuture()
                    : Future.failedFuture(new InboxHorizonException(topic, retention, options.inboxRetention()));
        });
    }
}
