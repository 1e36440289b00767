package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RelaysTest {
    private final Member first = new Member("relay-1", () -> null);
    private final Member second = new Member("relay-2", () -> null);
    private final Set<Member> leading = new CopyOnWriteArraySet<>();
    private final Relays relays = new Relays(first, second, leading::contains);

    @Test
    void leaderIsTheOnlyOneThatLeadsAndStandbyTheOther() {
        leading.add(second);
        assertThat(relays.leader()).isSameAs(second);
        assertThat(relays.standby()).isSameAs(first);
    }

    @Test
    void nobodyAndBothAreNotTheLeader() {
        assertThat(relays.onlyLeader()).isEmpty();
        leading.addAll(Set.of(first, second));
        assertThat(relays.onlyLeader()).isEmpty();
    }

    @Test
    void whoAsksForTheLeaderWaitsUntilThereIsOne() {
        leading.addAll(Set.of(first, second));
        CompletableFuture<Member> asked = CompletableFuture.supplyAsync(relays::leader);
        Waiting.until("two lead, and who asks goes on waiting")
                .atMost(Duration.ofSeconds(5))
                .during(Duration.ofMillis(200))
                .until(() -> !asked.isDone());
        leading.remove(first);
        assertThat(asked).succeedsWithin(Duration.ofSeconds(20)).isSameAs(second);
    }

    @Test
    void lastWordOfARelayCounts() {
        assertThat(Relays.saysThatItLeads(Stream.of())).isFalse();
        assertThat(Relays.saysThatItLeads(Stream.of("x source customers standby", "y source customers leading")))
                .isTrue();
        assertThat(Relays.saysThatItLeads(
                        Stream.of("source customers leading, waits for Kafka", "source payments lost")))
                .isTrue();
        assertThat(Relays.saysThatItLeads(Stream.of("source customers leading", "source customers lost: x")))
                .isFalse();
    }
}
