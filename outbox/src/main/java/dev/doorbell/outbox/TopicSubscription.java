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
    private final Set<String> refused = new HashSet<>();
    private final Promise<Void> started = Promise.promise();
    private long refusedSinceNanos;
    private boolean stopped;

    /** @param subscriber is given all topics to consume, whenever there are more of them */
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

    /** For how long some topic has been refused; zero while none is. */
    Duration refusedFor() {
        return refused.isEmpty() ? Duration.ZERO : EventConsumer.since(refusedSinceNanos);
    }

    private void subscribeExisting() {
        if (stopped) {
            return;
        }
        kafka.existing(options.topics())
                .compose(this::withoutRefused)
                .compose(this::subscribe)
                .onComplete(result -> {
                    if (result.failed()) {
                        log.warn(
                                "Kafka does not answer, next try in {} ms: {}",
                                RETRY_MS,
                                result.cause().getMessage());
                        vertx.setTimer(RETRY_MS, timer -> subscribeExisting());
                    } else if (!started.future().failed()
                            && subscribed.size() < options.topics().size()) {
                        vertx.setTimer(refused.isEmpty() ? TOPIC_CHECK_MS : RETRY_MS, timer -> subscribeExisting());
                    }
                });
    }

    /** Those that are not subscribed yet and keep their records for no longer than the inbox remembers. */
    private Future<Set<String>> withoutRefused(Set<String> existing) {
        refused.retainAll(existing);
        Set<String> fresh = new HashSet<>(existing);
        fresh.removeAll(subscribed);
        List<Future<?>> checks = new ArrayList<>();
        Set.copyOf(fresh)
                .forEach(topic -> checks.add(refusal(topic).map(refusal -> {
                    if (refusal == null) {
                        refused.remove(topic);
                    } else {
                        fresh.remove(topic);
                        refuse(topic, refusal);
                    }
                    return null;
                })));
        return Future.all(checks).map(fresh);
    }

    /** It is looked at again with every look for topics: its retention may be mended, and others may come. */
    private void refuse(String topic, InboxHorizonException refusal) {
        if (refused.isEmpty()) {
            refusedSinceNanos = System.nanoTime();
        }
        if (refused.add(topic)) {
            log.error("{} does not consume: {}", options.group(), refusal.getMessage());
        }
        started.tryFail(refusal);
    }

    private Future<Void> subscribe(Set<String> fresh) {
        if (fresh.isEmpty() || started.future().failed()) {
            return Future.succeededFuture();
        }
        Set<String> topics = new HashSet<>(subscribed);
        topics.addAll(fresh);
        return subscriber.apply(topics).onSuccess(done -> {
            subscribed.addAll(fresh);
            log.info("{} consumes {}", options.group(), subscribed);
            started.tryComplete();
        });
    }

    /** Null for a topic that may be consumed. */
    private Future<InboxHorizonException> refusal(String topic) {
        return kafka.retention(topic).map(retention -> {
            boolean remembered = retention == null
                    ? options.allowUnboundedTopics()
                    : options.inboxRetention().compareTo(retention) > 0;
            return remembered ? null : new InboxHorizonException(topic, retention, options.inboxRetention());
        });
    }
}
