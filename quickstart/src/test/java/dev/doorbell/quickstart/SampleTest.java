package dev.doorbell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sample against a customer service that answers as it likes. */
class SampleTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch testEnded = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/customers", exchange -> {
            exchange.getResponseHeaders().add("Location", "/registrations/7");
            answer(exchange, 202, "{\"id\":\"7\"}");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        testEnded.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aRegistrationThatNeverSettlesIsGivenUpWithItsLastStatus() {
        server.createContext("/registrations/7", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(event("REGISTRATION_PENDING", ""));
            exchange.getResponseBody().flush();
            try {
                testEnded.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        SampleResult result = register(Duration.ofSeconds(2));
        assertThat(result.isUnsettled()).isTrue();
        assertThat(result.status()).isEqualTo("REGISTRATION_PENDING");
    }

    @Test
    void theLastStatusOfTheStreamIsTheResult() {
        server.createContext(
                "/registrations/7",
                exchange -> answer(
                        exchange,
                        200,
                        new String(event("REGISTRATION_PENDING", ""), StandardCharsets.UTF_8)
                                + new String(
                                        event("REGISTRATION_SUCCESS", ",\"settledAt\":\"2030-01-31T00:00:00Z\""),
                                        StandardCharsets.UTF_8)));
        SampleResult result = register(Duration.ofSeconds(20));
        assertThat(result.isUnsettled()).isFalse();
        assertThat(result.status()).isEqualTo("REGISTRATION_SUCCESS");
    }

    private SampleResult register(Duration limit) {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        return Sample.withEnoughBalance().register(HttpClient.newHttpClient(), address, limit);
    }

    private static byte[] event(String status, String more) {
        return ("event: status\ndata: {\"status\":\"" + status + "\"" + more + "}\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
