package dev.doorbell.customer;

import static dev.doorbell.customer.TestStack.get;

import dev.doorbell.customer.keycloak.KeycloakConfig;
import dev.doorbell.localstack.LocalKeycloak;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** One real Keycloak for all tests of the module, and what its administrator sees; each test has a realm of its own. */
public final class TestKeycloak {
    private static final String KEY_PROVIDER = "org.keycloak.keys.KeyProvider";
    private static final String REALM = read();
    /** To make keys is most of what a realm costs Keycloak, whose JVM compiles little: these are made here, once. */
    private static final JsonArray KEYS = keys();

    /** Half the life of an administrator's token. */
    private static final Duration TOKEN_KEPT = Duration.ofSeconds(30);

    private static final LocalKeycloak KEYCLOAK = LocalKeycloak.start(LocalKeycloak.Options.defaults());

    /** Long for a Keycloak on a machine that is busy otherwise, short for a test that waits for its end. */
    private static final Duration WORK_MAX = Duration.ofSeconds(6);

    private final WebClient client;
    private final String realm = "r" + UUID.randomUUID().toString().replace("-", "");
    private String token;
    private long tokenSince;

    /** @param tokenLife of the service's own tokens, a minute in the realm as it stands in the repository */
    public TestKeycloak(Vertx vertx, Duration tokenLife) {
        this(
                vertx,
                withGivenKeys(REALM.replace(
                        "\"access.token.lifespan\": \"60\"",
                        "\"access.token.lifespan\": \"" + tokenLife.toSeconds() + "\"")));
    }

    private TestKeycloak(Vertx vertx, JsonObject representation) {
        client = WebClient.create(vertx);
        KEYCLOAK.importRealm(representation
                .put("realm", realm)
                .put("accessTokenLifespan", 300)
                .encode()
                .replace("default-roles-doorbell", "default-roles-" + realm));
    }

    /** A realm whose keys nobody else has. */
    public static TestKeycloak withKeysOfItsOwn(Vertx vertx) {
        return new TestKeycloak(vertx, new JsonObject(REALM));
    }

    /** A realm that does not declare our attribute, and so drops it. */
    public static TestKeycloak withoutCustomerId(Vertx vertx) {
        return new TestKeycloak(
                vertx, withGivenKeys(REALM.replace("\\\"name\\\": \\\"customerId\\\"", "\\\"name\\\": \\\"other\\\"")));
    }

    private static JsonObject withGivenKeys(String realm) {
        JsonObject representation = new JsonObject(realm);
        representation.getJsonObject("components").put(KEY_PROVIDER, KEYS);
        return representation;
    }

    private static JsonArray keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getEncoder()
                            .encodeToString(
                                    generator.generateKeyPair().getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----";
            return new JsonArray()
                    .add(key("rsa", new JsonObject().put("privateKey", new JsonArray().add(pem))))
                    .add(key("hmac-generated", new JsonObject().put("algorithm", new JsonArray().add("HS512"))))
                    .add(key("aes-generated", new JsonObject()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject key(String provider, JsonObject config) {
        return new JsonObject()
                .put("name", provider)
                .put("providerId", provider)
                .put("config", config.put("priority", new JsonArray().add("100")));
    }

    public String url() {
        return KEYCLOAK.url();
    }

    public String realm() {
        return realm;
    }

    /** Short time-outs and an impatient circuit. @param url Keycloak's own, or that of a front before it */
    public KeycloakConfig config(URI url, Duration callTimeout) {
        return new KeycloakConfig(
                url,
                realm,
                "customer-verticle",
                "customer-verticle-local",
                callTimeout,
                WORK_MAX,
                20,
                5,
                Duration.ofMillis(500));
    }

    /** Users whose customerId is this, as Keycloak's administrator sees them. */
    public List<JsonObject> usersOf(UUID customerId) {
        return users("q=customerId:" + customerId);
    }

    public List<JsonObject> usersNamed(String username) {
        return users("exact=true&username=" + username);
    }

    private List<JsonObject> users(String query) {
        JsonArray found = call(HttpMethod.GET, "?briefRepresentation=false&" + query, null)
                .bodyAsJsonArray();
        return found.stream().map(JsonObject.class::cast).toList();
    }

    public void addUser(JsonObject representation) {
        int status = call(HttpMethod.POST, "", representation).statusCode();
        if (status != 201) {
            throw new IllegalStateException("status " + status);
        }
    }

    /** A user that carries a customer's id. @return Keycloak's id of it */
    public String addUserOf(UUID customerId, String username) {
        addUser(new JsonObject()
                .put("username", username)
                .put("enabled", true)
                .put("attributes", new JsonObject().put("customerId", new JsonArray().add(customerId.toString()))));
        return usersNamed(username).get(0).getString("id");
    }

    /** @param representation the whole */
    public void changeUser(JsonObject representation) {
        int status = call(HttpMethod.PUT, "/" + representation.getString("id"), representation)
                .statusCode();
        if (status != 204) {
            throw new IllegalStateException("status " + status);
        }
    }

    public void removeUser(String id) {
        call(HttpMethod.DELETE, "/" + id, null);
    }

    /** What a user is given who signs in, with {@code access_token} and {@code id_token}; or why not. */
    public JsonObject signIn(String username, String password) {
        return get(client.postAbs(KEYCLOAK.url() + "/realms/" + realm + "/protocol/openid-connect/token")
                        .sendForm(MultiMap.caseInsensitiveMultiMap()
                                .set("grant_type", "password")
                                .set("client_id", "doorbell-web")
                                .set("scope", "openid")
                                .set("username", username)
                                .set("password", password)))
                .bodyAsJsonObject();
    }

    /** From now on tokens are signed with a new key; those of before are still published. */
    public void rotateKeys() {
        JsonObject provider = new JsonObject()
                .put("name", "next")
                .put("providerId", "rsa-generated")
                .put("providerType", KEY_PROVIDER)
                .put(
                        "config",
                        new JsonObject()
                                .put("priority", new JsonArray().add("500"))
                                .put("algorithm", new JsonArray().add("RS256")));
        expect(201, admin(HttpMethod.POST, "/components", provider));
    }

    /** Those of before are not published any more. */
    public void withdrawOldKeys() {
        admin(HttpMethod.GET, "/components?type=" + KEY_PROVIDER, null).bodyAsJsonArray().stream()
                .map(JsonObject.class::cast)
                .filter(component -> component.getString("providerId").equals("rsa-generated")
                        && !component.getString("name").equals("next"))
                .forEach(component ->
                        expect(204, admin(HttpMethod.DELETE, "/components/" + component.getString("id"), null)));
    }

    private static void expect(int status, HttpResponse<Buffer> response) {
        if (response.statusCode() != status) {
            throw new IllegalStateException("status " + response.statusCode() + " " + response.bodyAsString());
        }
    }

    private HttpResponse<Buffer> call(HttpMethod method, String below, JsonObject body) {
        return admin(method, "/users" + below, body);
    }

    private HttpResponse<Buffer> admin(HttpMethod method, String below, JsonObject body) {
        String uri = KEYCLOAK.url() + "/admin/realms/" + realm + below;
        var request = client.requestAbs(method, uri).bearerTokenAuthentication(token());
        return get(body == null ? request.send() : request.sendJsonObject(body));
    }

    private synchronized String token() {
        if (token == null || System.nanoTime() - tokenSince > TOKEN_KEPT.toNanos()) {
            tokenSince = System.nanoTime();
            token = get(client.postAbs(KEYCLOAK.url() + "/realms/master/protocol/openid-connect/token")
                            .sendForm(MultiMap.caseInsensitiveMultiMap()
                                    .set("grant_type", "password")
                                    .set("client_id", "admin-cli")
                                    .set("username", KEYCLOAK.adminUser())
                                    .set("password", KEYCLOAK.adminPassword())))
                    .bodyAsJsonObject()
                    .getString("access_token");
        }
        return token;
    }

    private static String read() {
        try (InputStream file = TestKeycloak.class.getResourceAsStream("/doorbell-realm.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
