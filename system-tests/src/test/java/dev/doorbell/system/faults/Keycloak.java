package dev.doorbell.system.faults;

import dev.doorbell.localstack.LocalKeycloak;
import dev.doorbell.localstack.Ports;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Expectations.Identities;
import dev.doorbell.system.faults.history.Realm;
import dev.doorbell.system.harness.ServiceJar;
import dev.doorbell.system.harness.Signals;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * A real Keycloak with our realm and some users that are not ours, taken away and given back, and the front before it. What
 * takes it away waits until it is back from the time before.
 */
final class Keycloak implements AutoCloseable {
    static final String REALM = "doorbell";
    /** A user that is not ours. */
    static final String STRANGER = "strangeranna";

    static final String CLIENT_SECRET = "customer-verticle-local";
    /**
     * Of the customer service's tokens. A create without an answer keeps its name for so long and 30 s more, and in that
     * time the world does not come to rest; a minute, as in the realm, would be more than a run waits for.
     */
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(10);

    private static final String TOKEN_LIFE_SETTING = "access.token.lifespan";

    private final LocalKeycloak server;
    private final KeycloakFront front;
    private final Realm realm;
    private final List<User> strangers;
    private final List<Instant> returns = new CopyOnWriteArrayList<>();
    private final Semaphore there = new Semaphore(1);
    private volatile boolean down;
    private volatile boolean frozen;

    private Keycloak(LocalKeycloak server) {
        this.server = server;
        this.front = KeycloakFront.start(server.port());
        this.realm = new Realm(server.url(), REALM, server.adminUser(), server.adminPassword());
        realm.addStranger(STRANGER, true);
        realm.addStranger("strangerbert", false);
        this.strangers = realm.users();
    }

    static Keycloak start() {
        LocalKeycloak server =
                LocalKeycloak.start(LocalKeycloak.Options.defaults().withRealm(realmOfTheRepository()));
        try {
            return new Keycloak(server);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static String realmOfTheRepository() {
        try {
            JsonObject realm = new JsonObject(
                    Files.readString(ServiceJar.repository().resolve("docker/keycloak/doorbell-realm.json")));
            realm.getJsonArray("clients").stream()
                    .map(JsonObject.class::cast)
                    .map(client -> client.getJsonObject("attributes", new JsonObject()))
                    .filter(attributes -> attributes.containsKey(TOKEN_LIFE_SETTING))
                    .forEach(attributes -> attributes.put(TOKEN_LIFE_SETTING, Long.toString(TOKEN_LIFE.toSeconds())));
            return realm.encode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KeycloakFront front() {
        return front;
    }

    Realm realm() {
        return realm;
    }

    List<User> users() {
        return realm.users();
    }

    /** The names of the users that are not ours. */
    List<String> takenNames() {
        return strangers.stream().map(User::username).toList();
    }

    Identities expectations() {
        return new Identities(strangers, returns);
    }

    /** A fault of it, or of the way to it, is over. */
    void returned() {
        returns.add(Instant.now());
    }

    /** @return whether it really was there and then gone */
    boolean kill() {
        there.acquireUninterruptibly();
        down = true;
        boolean was = !Ports.isFree(server.port());
        server.kill();
        return was && Ports.isFree(server.port());
    }

    boolean freeze() {
        there.acquireUninterruptibly();
        frozen = true;
        Signals.send("STOP", server.pid());
        return Signals.isStopped(server.pid());
    }

    /** Returns when it answers again; one that was frozen may need a moment more. */
    void heal() {
        if (frozen) {
            Signals.send("CONT", server.pid());
            frozen = false;
            there.release();
        }
        if (down) {
            server.startAgain();
            down = false;
            there.release();
        }
        returned();
    }

    /** What was begun and not undone. */
    List<String> unhealed() {
        List<String> unhealed = new ArrayList<>(front.unhealed());
        if (down || frozen) {
            unhealed.add(World.KEYCLOAK);
        }
        return unhealed;
    }

    Path log() {
        return server.directory().resolve("keycloak.log");
    }

    @Override
    public void close() {
        front.close();
        server.close();
    }
}
