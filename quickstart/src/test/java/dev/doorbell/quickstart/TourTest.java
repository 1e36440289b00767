package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tour against services and a Keycloak that answer as they like. */
class TourTest {
    private HttpServer server;
    private volatile int toSomebodyElse = 404;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/registrations/7/password", exchange -> answer(exchange, 204, ""));
        server.createContext("/realms/doorbell/protocol/openid-connect/token", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, 200, "{\"access_token\":\"" + form.replaceAll(".*username=([a-z]+).*", "$1") + "\"}");
        });
        server.createContext(
                "/customers/7",
                exchange -> answer(
                        exchange,
                        switch (caller(exchange)) {
                            case "ada" -> 200;
                            case "" -> 401;
                            default -> toSomebodyElse;
                        },
                        "{}"));
        server.createContext(
                "/payments",
                exchange -> answer(
                        exchange,
                        caller(exchange).equals("operator") ? 200 : 403,
                        "[{\"status\":\"AUTHORIZED\",\"amount\":\"2.00\",\"currency\":\"EUR\"}]"));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everyStepIsTold() {
        Tour tour = take();
        assertThat(tour.isAsExpected()).as(tour.lines()).isTrue();
        assertThat(tour.lines().lines().map(String::strip))
                .containsExactly(
                        "ada signs in",
                        "sets the password: POST /registrations/{id}/password: 204",
                        "ada gets an access token from Keycloak: 200",
                        "reads the own record: GET /customers/{id}: 200",
                        "visitor gets an access token from Keycloak: 200",
                        "visitor, who is somebody else, reads it: 404",
                        "nobody in particular reads it: 401",
                        "reads the payments: GET /payments: 403",
                        "operator gets an access token from Keycloak: 200",
                        "operator reads them: 200",
                        "AUTHORIZED 2.00 EUR");
    }

    @Test
    void anAnswerThatShouldBeAnotherIsTold() {
        toSomebodyElse = 200;
        Tour tour = take();
        assertThat(tour.isAsExpected()).isFalse();
        assertThat(tour.lines()).contains("somebody else, reads it: 200, should be 404");
    }

    private Tour take() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        return new Tour(HttpClient.newHttpClient(), address, address, address)
                .take(new JsonObject().put("id", "7").put("username", "ada").put("passwordSecret", "s"));
    }

    private static String caller(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null ? "" : header.replace("Bearer ", "");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
