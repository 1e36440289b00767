package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.system.harness.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final Link ONE = new Link("relay-1", Link.Peer.KAFKA);
    private static final Link OTHER = new Link("relay-1", Link.Peer.POSTGRES);

    private final Links links = new Links();

    @BeforeEach
    void start() {
        links.add(ONE, FaultProxy.start(1));
        links.add(OTHER, FaultProxy.start(1));
    }

    @AfterEach
    void close() {
        links.close();
    }

    @Test
    void secondFaultOfALinkWaitsUntilTheFirstIsUndone() {
        links.take(ONE).blackHole();
        CompletableFuture<Boolean> second =
                CompletableFuture.supplyAsync(() -> links.take(ONE).isHealed());
        assertThat(links.unhealed()).containsExactly(ONE.toString());
        Waiting.until("the second fault goes on waiting")
                .atMost(Duration.ofSeconds(5))
                .during(Duration.ofMillis(200))
                .until(() -> !second.isDone());
        links.giveBack(ONE);
        assertThat(second.join()).as("healed when the second one takes it").isTrue();
    }

    @Test
    void otherLinkIsFree() {
        links.take(ONE);
        assertThat(links.take(OTHER)).isSameAs(links.proxy(OTHER));
    }
}
