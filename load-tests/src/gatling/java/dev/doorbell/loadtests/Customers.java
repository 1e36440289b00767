package dev.doorbell.loadtests;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;

/** What a client of the customer service does, in the parts that the simulations put together. */
final class Customers {
    /** The name in the report under which each registration's time to its terminal status stands. */
    static final String TO_TERMINAL = "registration, to its terminal status";

    private static final String PENDING = "REGISTRATION_PENDING";
    private static final Duration ASK_AGAIN = Duration.ofMillis(250);
    private static final int ASK_TIMES_MAX = 240;
    private static final int NAME_LENGTH = 18;
    private static final int LETTERS = 26;
    private static final Random RANDOM = new SecureRandom();

    private static final String BODY = """
            {"firstName": "Robin", "lastName": "Sample", "username": "#{username}",
             "card": {"number": "4111111111111111", "holderName": "R Sample", "cvv": "123",
                      "validThru": "2035-12-31", "balance": "#{balance}"}}
            """;

    private Customers() {}

    static HttpProtocolBuilder protocol(Settings settings) {
        return http.baseUrl(settings.baseUrl())
                .acceptHeader("application/json")
                .contentTypeHeader("application/json")
                // One pool for all virtual users: they are many, and each is there for a few requests only.
                .shareConnections();
    }

    /** {@code POST /customers}; keeps {@code registration}, the address of its status. */
    static ChainBuilder register() {
        return exec(Customers::withNewCustomer)
                .exec(http("POST /customers")
                        .post("/customers")
                        .body(StringBody(BODY))
                        .check(status().is(202), header("Location").saveAs("registration")))
                .exitHereIfFailed();
    }

    /** As one group, which also fails when the registration does not become terminal: no request does by that. */
    static ChainBuilder registerAndAwaitTerminal() {
        return group(TO_TERMINAL).on(exec(register()).exec(awaitTerminal()));
    }

    /** Asks until the registration is no longer pending, a minute at most. */
    private static ChainBuilder awaitTerminal() {
        return exec(session -> session.set("status", PENDING).set("asked", 0))
                .asLongAs(session ->
                        PENDING.equals(session.getString("status")) && session.getInt("asked") < ASK_TIMES_MAX)
                .on(exec(readStatus())
                        .exec(session -> session.set("asked", session.getInt("asked") + 1))
                        .doIf(session -> PENDING.equals(session.getString("status")))
                        .then(pause(ASK_AGAIN)))
                .exec(session -> PENDING.equals(session.getString("status")) ? session.markAsFailed() : session);
    }

    /** {@code GET /registrations/{id}}. */
    static ChainBuilder readStatus() {
        return exec(http("GET /registrations/{id}")
                        .get("#{registration}")
                        .check(status().is(200), jsonPath("$.status").saveAs("status")))
                .exitHereIfFailed();
    }

    /** One of ten has no balance left, so compensation is part of the load. */
    private static Session withNewCustomer(Session session) {
        return session.set("username", username()).set("balance", RANDOM.nextInt(10) == 0 ? "1.00" : "100.00");
    }

    /** Letters alone: a name with many digits could be a card number, and is refused. */
    static String username() {
        StringBuilder name = new StringBuilder(NAME_LENGTH);
        for (int i = 0; i < NAME_LENGTH; i++) {
            name.append((char) ('a' + RANDOM.nextInt(LETTERS)));
        }
        return name.toString();
    }
}
