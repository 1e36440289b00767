package dev.doorbell.benchmarks.contender;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A polling relay in one file: SELECT … FOR UPDATE SKIP LOCKED of 1,000 rows, all of them sent before the first answer is
 * awaited, DELETE, COMMIT. The loop of many articles, with the three things that make it quick: batches, pipelined sends
 * and no pause while there is work. What it does not have is anything for failures; it ends with the first.
 */
final class PollingRelayMain {
    private static final int BATCH_ROWS = 1_000;
    private static final long NANOS_PER_MS = 1_000_000;
    private static final String SELECT = """
            SELECT seq, event_id, aggregate_id, event_type, payload
            FROM outbox
            ORDER BY seq
            LIMIT ?
            FOR UPDATE SKIP LOCKED
            """;
    private static final String DELETE = "DELETE FROM outbox WHERE seq = ANY (?)";

    private PollingRelayMain() {}

    /**
     * Arguments: bootstrap servers, topic, milliseconds between polls that found nothing; the producer's linger, compression
     * and bytes of a batch.
     */
    public static void main(String[] arguments) throws SQLException, ExecutionException, InterruptedException {
        long pauseMs = Long.parseLong(arguments[2]);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                arguments[0],
                "linger.ms",
                Integer.parseInt(arguments[3]),
                "compression.type",
                arguments[4],
                "batch.size",
                Integer.parseInt(arguments[5]));
        try (KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
                Connection connection = DriverManager.getConnection(System.getenv("JDBC_URL"));
                PreparedStatement select = connection.prepareStatement(SELECT);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            connection.setAutoCommit(false);
            select.setInt(1, BATCH_ROWS);
            while (true) {
                if (relay(connection, select, delete, producer, arguments[1]) == 0) {
                    LockSupport.parkNanos(pauseMs * NANOS_PER_MS);
                }
            }
        }
    }

    private static int relay(
            Connection connection,
            PreparedStatement select,
            PreparedStatement delete,
            KafkaProducer<String, byte[]> producer,
            String topic)
            throws SQLException, ExecutionException, InterruptedException {
        List<Long> sequences = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                sequences.add(rows.getLong(1));
                ProducerRecord<String, byte[]> message =
                        new ProducerRecord<>(topic, rows.getString(3), rows.getBytes(5));
                message.headers().add("id", rows.getString(2).getBytes());
                message.headers().add("type", rows.getString(4).getBytes());
                sent.add(producer.send(message));
            }
        }
        for (Future<RecordMetadata> future : sent) {
            future.get();
        }
        if (!sequences.isEmpty()) {
            Array array = connection.createArrayOf("bigint", sequences.toArray());
            delete.setArray(1, array);
            delete.executeUpdate();
        }
        connection.commit();
        return sequences.size();
    }
}
