package dev.doorbell.localstack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * An issuer of access tokens for tests that forge them: it signs whatever it is given, which no Keycloak does, publishes its
 * keys where a realm {@code doorbell} of a Keycloak would, and counts the requests that reach it. On the loopback interface,
 * on a free port.
 */
public final class TokenIssuer implements AutoCloseable {
    private static final String REALM = "/realms/doorbell";
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int RSA_BITS = 2048;

    /** A key pair and the name under which the public half is published. */
    public record Key(String id, KeyPair pair) {
        /** The public half as PEM, which a forger may take for a secret to sign with. */
        public String publicPem() {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(pair.getPublic().getEncoded());
            return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
        }

        private String published() {
            RSAPublicKey key = (RSAPublicKey) pair.getPublic();
            return "{\"kid\":\"%s\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\"%s\",\"e\":\"%s\"}"
                    .formatted(id, number(key.getModulus()), number(key.getPublicExponent()));
        }

        /** RFC 7518, 6.3.1: without the sign's zero byte. */
        private static String number(BigInteger value) {
            byte[] bytes = value.toByteArray();
            return base64Url(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
        }
    }

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String answer = "{\"keys\":[]}";
    private volatile boolean down;

    private TokenIssuer(HttpServer server) {
        this.server = server;
    }

    public static TokenIssuer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TokenIssuer issuer = new TokenIssuer(server);
            server.createContext("/", issuer::take);
            server.start();
            return issuer;
        } catch (IOException e) {
            throw new LocalStackException("token issuer: " + LocalStackException.describe(e), e);
        }
    }

    /** As {@code KEYCLOAK_URL}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** As the claim {@code iss} of its tokens. */
    public String issuer() {
        return url() + REALM;
    }

    /** How many requests have come, of whatever kind. */
    public int requests() {
        return requests.get();
    }

    /** An RSA key, not published yet. */
    public static Key newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return new Key(UUID.randomUUID().toString(), generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** From now on these are the keys, beside one for encryption, as Keycloak has it. */
    public void publish(Key... keys) {
        String encryption = newKey().published()
                .replace("\"use\":\"sig\"", "\"use\":\"enc\"")
                .replace("RS256", "RSA-OAEP");
        answer = List.of(keys).stream()
                .map(Key::published)
                .collect(Collectors.joining(",", "{\"keys\":[" + encryption + ",", "]}"));
    }

    /** From now on this is answered in place of the keys. */
    public void answer(String text) {
        answer = text;
    }

    /** Every request is answered 503 from now on. */
    public void down() {
        down = true;
    }

    public void up() {
        down = false;
    }

    /**
     * A token signed with RS256, whatever its header says.
     *
     * @param header in JSON
     * @param claims in JSON
     */
    public static String sign(Key key, String header, String claims) {
        String signed = base64Url(header) + "." + base64Url(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.pair().getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64Url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA256withRSA", e);
        }
    }

    public static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void take(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(down ? UNAVAILABLE : OK, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
