package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What faults draw their parameters from: the seed's random numbers, and the shape of the run. */
final class Draw {
    private static final int LONG_ONE_IN = 3;
    private static final long SHORT_MS_MIN = 500;
    private static final long SHORT_MS_MAX = 4_000;
    private static final long LONG_MS_MAX = 20_000;

    private final Random random;
    private final int customers;
    private final int payments;
    private final Duration load;

    /**
     * @param customers instances of the customer service
     * @param load how long registrations are sent
     */
    Draw(Random random, int customers, int payments, Duration load) {
        this.random = random;
        this.customers = customers;
        this.payments = payments;
        this.load = load;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Both ends included. */
    long number(long min, long max) {
        return min + random.nextLong(max - min + 1);
    }

    Duration millis(long min, long max) {
        return Duration.ofMillis(number(min, max));
    }

    /** Mostly short; sometimes longer than the saga's deadline and the time-outs of sessions, as far as the run allows. */
    Duration hold() {
        long longest = Math.min(LONG_MS_MAX, load.toMillis() / 2);
        return random.nextInt(LONG_ONE_IN) == 0
                ? millis(longest / 2, longest)
                : millis(SHORT_MS_MIN, Math.min(SHORT_MS_MAX, longest));
    }

    long seed() {
        return random.nextLong();
    }

    /** One of the service instances; the relays by what they do at the time. */
    String service() {
        List<String> services = new ArrayList<>(List.of(World.LEADER, World.STANDBY));
        services.addAll(numbered("customer-", customers));
        services.addAll(numbered("payment-", payments));
        return pick(services);
    }

    /** The customer service's HTTP, or the way of a service instance to PostgreSQL or Kafka. */
    Link link() {
        Link.Peer peer = pick(List.of(Link.Peer.POSTGRES, Link.Peer.KAFKA, Link.Peer.HTTP));
        return new Link(peer == Link.Peer.HTTP ? pick(numbered("customer-", customers)) : service(), peer);
    }

    Link linkToKeycloak() {
        return new Link(pick(numbered("customer-", customers)), Link.Peer.KEYCLOAK);
    }

    private static List<String> numbered(String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(prefix + i);
        }
        return names;
    }
}
