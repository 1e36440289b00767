package dev.doorbell.system.faults;

import java.util.Locale;

/**
 * The connections of one service instance with one peer, all through a proxy of their own.
 *
 * @param service an instance's name, or {@link World#LEADER} or {@link World#STANDBY}
 */
record Link(String service, Peer peer) {
    /** HTTP is the other way about: the clients of the load connect to the service. */
    enum Peer {
        POSTGRES,
        KAFKA,
        HTTP,
        KEYCLOAK
    }

    /** The peer as a fault's target. */
    String peerName() {
        return peer == Peer.KAFKA ? World.BROKER : peer.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return service + "/" + peer.name().toLowerCase(Locale.ROOT);
    }
}
