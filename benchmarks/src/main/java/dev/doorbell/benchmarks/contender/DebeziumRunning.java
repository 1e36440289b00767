package dev.doorbell.benchmarks.contender;

import dev.doorbell.benchmarks.lab.ChildJvm;
import dev.doorbell.benchmarks.lab.Database;
import dev.doorbell.benchmarks.measure.BenchmarkException;
import dev.doorbell.benchmarks.measure.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Kafka Connect with the one connector; its REST interface can pause the connector. */
final class DebeziumRunning extends ChildRunning {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(60);
    private static final Duration SLOT_LIMIT = Duration.ofSeconds(60);

    private final int port;
    private final Database database;
    private final String slot;
    private final HttpClient client = HttpClient.newHttpClient();

    DebeziumRunning(ChildJvm child, int port, Database database, String slot) {
        super(child);
        this.port = port;
        this.database = database;
        this.slot = slot;
    }

    @Override
    public boolean hold() {
        Waiting.until("debezium is running", START_LIMIT, () -> {
            requireAlive();
            return hasState("RUNNING");
        });
        request("pause", "PUT");
        Waiting.until("debezium is paused", CHANGE_LIMIT, () -> hasState("PAUSED"));
        return true;
    }

    @Override
    public void release() {
        request("resume", "PUT");
    }

    private boolean hasState(String state) {
        String status;
        try {
            status = request("status", "GET");
        } catch (BenchmarkException notYetListening) {
            return false;
        }
        // Of the connector and of its task.
        return status.split("\"state\":\"" + state + "\"", -1).length > 2;
    }

    private String request(String path, String method) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/connectors/bench/" + path))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new BenchmarkException("kafka connect does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while asking kafka connect");
        }
    }

    /** Without its slot: that would hold the server's WAL, and the database. */
    @Override
    public void close() {
        super.close();
        Waiting.until(
                "debezium's slot is free",
                SLOT_LIMIT,
                () -> database.number(
                                "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + slot + "'")
                        == 0);
        database.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                + slot + "'");
    }
}
