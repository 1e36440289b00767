package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the probe says of a customer service, on a server that answers as one. */
class ProbeTest {
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final CallLog log = new CallLog(1_000);
    private volatile int answer = 202;
    private volatile String status = "REGISTRATION_SUCCESS";
    /** Registrations that end otherwise before the first one that ends as {@link #status} says. */
    private volatile int rejected;

    private URI service;

    @BeforeEach
    void start() {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await();
        service = URI.create("http://127.0.0.1:" + server.actualPort());
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        boolean asked = request.path().startsWith("/registrations/");
        JsonObject body = asked
                ? new JsonObject().put("status", log.calls().size() > rejected ? status : "REGISTRATION_FAILED")
                : new JsonObject().put("id", UUID.randomUUID().toString());
        request.response().setStatusCode(asked ? 200 : answer).end(body.encode());
    }

    @Test
    void serviceThatRegistersIsWellAndTheCallIsLogged() {
        assertThat(Probe.run(service, log, PATIENCE)).isEmpty();
        assertThat(log.calls()).extracting(Call::outcome).containsExactly(Outcome.OK);
    }

    @Test
    void registrationThatIsRejectedIsFollowedByAnother() {
        rejected = 2;
        assertThat(Probe.run(service, log, PATIENCE)).isEmpty();
        assertThat(log.calls()).hasSize(3);
    }

    @Test
    void serviceThatTakesNoRegistrationIsNotWell() {
        answer = 503;
        assertThat(Probe.run(service, log, SOON)).get().asString().contains("503");
        assertThat(log.inFlight()).isZero();
    }

    @Test
    void serviceWhoseRegistrationsDoNotEndOrEndOtherwiseIsNotWell() {
        status = "REGISTRATION_PENDING";
        assertThat(Probe.run(service, log, SOON)).get().asString().contains("REGISTRATION_PENDING");
        status = "REGISTRATION_FAILED";
        assertThat(Probe.run(service, log, SOON)).get().asString().contains("REGISTRATION_FAILED");
    }

    @Test
    void serviceThatIsNotThereIsNotWell() {
        vertx.close().await();
        assertThat(Probe.run(service, log, SOON)).isPresent();
    }
}
