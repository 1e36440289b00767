package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.get;

import dev.doorbell.customer.CustomerConfig;
import dev.doorbell.customer.CustomerVerticle;
import dev.doorbell.customer.TestKeycloak;
import dev.doorbell.customer.TestStack;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.service.DatabaseUrl;
import dev.doorbell.service.Environment;
import dev.doorbell.service.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The whole service with {@code IDENTITY_PROVIDER=keycloak}; the test is its client and its relay. */
final class IdentityService {
    final DatabaseUrl database;
    private final CustomerVerticle verticle;
    private final WebClient client;

    IdentityService(Vertx vertx, TestKeycloak keycloak) {
        this(vertx, TestStack.newMigratedDatabase(), keycloak, keycloak.url());
    }

    /** @param url of Keycloak as the service reaches it, that of a front before it for example */
    IdentityService(Vertx vertx, DatabaseUrl database, TestKeycloak keycloak, String url) {
        this.database = database;
        Map<String, String> environment = new HashMap<>(TestStack.environment(database));
        environment.put("IDENTITY_PROVIDER", "keycloak");
        environment.put("KEYCLOAK_URL", url);
        environment.put("KEYCLOAK_REALM", keycloak.realm());
        environment.put("KEYCLOAK_ISSUER", keycloak.url() + "/realms/" + keycloak.realm());
        environment.put("KEYCLOAK_CLIENT_SECRET", "customer-verticle-local");
        environment.put("REGISTRATION_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        verticle = new CustomerVerticle(CustomerConfig.read(new Environment(environment)), Metrics.ofProcess());
        get(vertx.deployVerticle(verticle));
        client = WebClient.create(vertx);
    }

    UUID register(String username) {
        return UUID.fromString(signUp(username).getString("id"));
    }

    /** What the registration is answered. */
    JsonObject signUp(String username) {
        JsonObject card = new JsonObject()
                .put("number", "4111111111111111")
                .put("holderName", "A Sample")
                .put("cvv", "123")
                .put("validThru", "2030-01-31")
                .put("balance", "100.00");
        JsonObject body = new JsonObject()
                .put("firstName", "Ada")
                .put("lastName", "Sample")
                .put("username", username)
                .put("card", card);
        return get(client.postAbs(address("/customers")).sendJsonObject(body)).bodyAsJsonObject();
    }

    String body(String path) {
        return get(client.getAbs(address(path)).send()).bodyAsString();
    }

    /** One check of {@code /health/ready}. */
    JsonObject health(String check) {
        return new JsonObject(body("/health/ready")).getJsonObject("checks").getJsonObject(check);
    }

    String address(String path) {
        return "http://127.0.0.1:" + verticle.httpPort() + path;
    }

    /** What the relay does with the event that the outbox holds. */
    static void publishPending(UUID customer, Buffer payload) throws InterruptedException, ExecutionException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", TestStack.bootstrapServers());
        try (Admin admin = Admin.create(kafka);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            try {
                admin.createTopics(List.of(new NewTopic(Topics.CUSTOMER, 1, (short) 1)))
                        .all()
                        .get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topics.CUSTOMER, bytes(customer.toString()), payload.getBytes());
            record.headers()
                    .add("ce_specversion", bytes("1.0"))
                    .add("ce_id", bytes(UuidV7.create().toString()))
                    .add("ce_type", bytes(EventTypes.CUSTOMER_PENDING_REGISTRATION))
                    .add("ce_source", bytes("/customers"));
            producer.send(record).get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
