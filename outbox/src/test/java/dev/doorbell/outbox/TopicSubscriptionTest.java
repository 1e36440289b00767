package dev.doorbell.outbox;

import static dev.doorbell.outbox.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics that come one after the other. */
class TopicSubscriptionTest extends ConsumerTest {
    private static final String TOO_LONG = String.valueOf(Duration.ofDays(30).toMillis());
    private static final String SHORT = String.valueOf(Duration.ofHours(1).toMillis());

    @Test
    void aTopicThatComesLateAndIsRefusedKeepsNoOtherFromBeingConsumed() {
        try (TestTopic refused = new TestTopic(topic + ".refused");
                TestTopic late = new TestTopic(topic + ".late")) {
            kafka.create(1);
            EventConsumer consumer = builder(this::effect)
                    .topics(topic, topic + ".refused", topic + ".late")
                    .build();
            consumers.add(consumer);
            get(consumer.start());

            refused.create(1, Map.of("retention.ms", TOO_LONG));
            refused.send(TestEvent.of("refused", "1"));
            await("the consumer says that a topic is refused")
                    .until(() -> !consumer.stalledFor().isZero());
            late.create(1);
            late.send(TestEvent.of("late", "1"));
            kafka.send(TestEvent.of("first", "1"));
            awaitEffects(2);
            assertThat(effects()).containsExactlyInAnyOrder("late1", "first1");
            assertThat(consumer.stalledFor()).isPositive();

            refused.change("retention.ms", SHORT);
            refused.change("segment.ms", SHORT);
            awaitEffects(3);
            await("it does not say so any more")
                    .until(() -> consumer.stalledFor().isZero());
        }
    }
}
