package dev.doorbell.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doorbell.system.faults.KeycloakFront.Operation;
import dev.doorbell.system.faults.KeycloakFront.Treatment;
import dev.doorbell.system.harness.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the front does to requests, before a server that notes what arrives. */
class KeycloakFrontTest {
    private static final String USERS = "/admin/realms/doorbell/users";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KeycloakFront front;

    @BeforeEach
    void start() {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body.toString())))
                .listen(0, "127.0.0.1")
                .await();
        front = KeycloakFront.start(server.actualPort());
    }

    private void answer(HttpServerRequest request, String body) {
        arrived.add(request.method() + " " + request.uri() + " " + request.getHeader("Authorization") + " " + body);
        request.response()
                .setStatusCode(201)
                .putHeader("Location", "/users/new")
                .end("made");
    }

    @AfterEach
    void end() {
        front.close();
        vertx.close().await();
    }

    @Test
    void whatIsNotTreatedIsPassedOnAsItIs() throws Exception {
        front.treat(Operation.REMOVE, Treatment.ERROR);
        HttpResponse<String> answer = send("POST", USERS + "?a=b");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("made");
        assertThat(answer.headers().firstValue("location")).contains("/users/new");
        assertThat(arrived).containsExactly("POST " + USERS + "?a=b Bearer token text");
        assertThat(front.met(Operation.REMOVE)).isZero();
    }

    @Test
    void whatIsAnsweredWithAnErrorWasDoneAllTheSame() throws Exception {
        front.treat(Operation.CREATE, Treatment.ERROR);
        front.treat(Operation.ENABLE, Treatment.ERROR);
        assertThat(send("POST", USERS).statusCode()).isEqualTo(500);
        assertThat(send("PUT", USERS + "/id").statusCode()).isEqualTo(500);
        // Neither of these makes or enables a user.
        assertThat(send("POST", "/realms/doorbell/protocol/openid-connect/token")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("PUT", USERS + "/id/reset-password").statusCode()).isEqualTo(201);
        assertThat(arrived).hasSize(4);
        assertThat(List.of(front.met(Operation.CREATE), front.met(Operation.ENABLE)))
                .containsExactly(1L, 1L);
        assertThat(front.unhealed()).containsExactlyInAnyOrder("keycloak/create", "keycloak/enable");
        front.heal(Operation.CREATE);
        front.heal(Operation.ENABLE);
        assertThat(front.unhealed()).isEmpty();
        assertThat(send("POST", USERS).statusCode()).isEqualTo(201);
    }

    @Test
    void whatIsCutWasDoneAllTheSame() {
        front.treat(Operation.REMOVE, Treatment.CUT);
        assertThatThrownBy(() -> send("DELETE", USERS + "/id")).isInstanceOf(IOException.class);
        assertThat(arrived).hasSize(1);
        assertThat(front.met(Operation.REMOVE)).isEqualTo(1);
    }

    @Test
    void whatIsLateArrivesWhenNobodyWaits() {
        front.treat(Operation.CREATE, Treatment.LATE);
        CompletableFuture<HttpResponse<String>> nobody =
                http.sendAsync(request("POST", USERS), BodyHandlers.ofString());
        Waiting.until("it has come").until(() -> front.met(Operation.CREATE) == 1);
        nobody.cancel(true);
        assertThat(arrived).isEmpty();
        front.heal(Operation.CREATE);
        Waiting.until("it arrives").until(() -> arrived.size() == 1);
    }

    @Test
    void secondTreatmentOfAnOperationWaitsForTheFirst() {
        front.treat(Operation.CREATE, Treatment.LATE);
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> front.treat(Operation.CREATE, Treatment.ERROR));
        assertThat(second).isNotDone();
        front.heal(Operation.CREATE);
        second.join();
        assertThat(front.unhealed()).containsExactly("keycloak/create");
    }

    /** Nothing was done, so nothing was treated. */
    @Test
    void withoutKeycloakTheConnectionIsCut() {
        front.treat(Operation.CREATE, Treatment.ERROR);
        server.close().await();
        assertThatThrownBy(() -> send("POST", USERS)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send("GET", USERS)).isInstanceOf(IOException.class);
        assertThat(front.met(Operation.CREATE)).isZero();
    }

    private HttpRequest request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.port() + path))
                .header("Authorization", "Bearer token")
                .method(method, BodyPublishers.ofString("text"))
                .build();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return http.send(request(method, path), BodyHandlers.ofString());
    }
}
