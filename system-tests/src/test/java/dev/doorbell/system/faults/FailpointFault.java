package dev.doorbell.system.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A service that dies or freezes between two steps, at a named place in its code. */
final class FailpointFault implements Fault {
    /** The places, each with the service that comes by there. */
    enum Place {
        RELAY_ACKNOWLEDGED("relay.acknowledged", World.LEADER),
        CUSTOMER_COMMITTED("customer.committed", "customer-1"),
        CUSTOMER_CONSUMED("consumer.committed", "customer-1"),
        PAYMENT_CONSUMED("consumer.committed", "payment-1"),
        IDENTITY_PROVISIONED("identity-provisioned", "customer-1"),
        IDENTITY_ENABLED("identity-enabled", "customer-1"),
        IDENTITY_REMOVED("identity-removed", "customer-1");

        /** Between Keycloak and the database. */
        private static final List<Place> OF_IDENTITIES =
                List.of(IDENTITY_PROVISIONED, IDENTITY_ENABLED, IDENTITY_REMOVED);
        /** Those that every world comes by. */
        private static final List<Place> OF_MESSAGES =
                List.of(RELAY_ACKNOWLEDGED, CUSTOMER_COMMITTED, CUSTOMER_CONSUMED, PAYMENT_CONSUMED);

        private final String failpoint;
        private final String service;

        Place(String failpoint, String service) {
            this.failpoint = failpoint;
            this.service = service;
        }
    }

    private final Place place;
    private final ServiceFault.Action action;
    private final Duration lasts;
    private Member member;
    private boolean hit;

    FailpointFault(Place place, ServiceFault.Action action, Duration lasts) {
        this.place = place;
        this.action = action;
        this.lasts = lasts;
    }

    static FailpointFault draw(Draw draw) {
        return draw(draw, Place.OF_MESSAGES);
    }

    static FailpointFault drawOfIdentities(Draw draw) {
        return draw(draw, Place.OF_IDENTITIES);
    }

    private static FailpointFault draw(Draw draw, List<Place> places) {
        ServiceFault.Action action = draw.pick(List.of(ServiceFault.Action.values()));
        return new FailpointFault(draw.pick(places), action, draw.hold());
    }

    @Override
    public String kind() {
        return "failpoint-" + place.failpoint + "-" + action.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String target() {
        return place.service;
    }

    /** Nothing passes the place without a server or with everything else held up. */
    @Override
    public Set<String> needs() {
        if (Place.OF_IDENTITIES.contains(place)) {
            return AnswerFault.NEEDED_FOR_USERS;
        }
        return Set.of(World.POSTGRES, World.BROKER, World.LEADER, "customer-1", "payment-1");
    }

    /** Another relay may have become the leader meanwhile: this one comes by there no more. */
    @Override
    public boolean mayMiss() {
        return place == Place.RELAY_ACKNOWLEDGED;
    }

    @Override
    public Duration lasts() {
        return lasts;
    }

    @Override
    public void begin(World world) {
        member = world.member(place.service);
        hit = member.meetFailpoint(place.failpoint, action);
    }

    @Override
    public void end(World world) {
        if (member != null) {
            member.release();
        }
    }

    @Override
    public boolean hit() {
        return hit;
    }
}
