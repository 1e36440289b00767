package dev.doorbell.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One Keycloak with the project's realm for all of them: each start costs the CPU some ten seconds. */
class LocalKeycloakTest {
    private static final String CUSTOMER = "0190a5b0-0000-7000-8000-000000000001";
    private static final Queue<String> PROGRESS = new ConcurrentLinkedQueue<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static String realm;
    private static LocalKeycloak keycloak;

    @BeforeAll
    static void start() throws IOException {
        try (InputStream file = LocalKeycloakTest.class.getResourceAsStream("/doorbell-realm.json")) {
            realm = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        keycloak = LocalKeycloak.start(
                LocalKeycloak.Options.defaults().withRealm(realm).withProgress(PROGRESS::add));
    }

    @AfterAll
    static void stop() {
        Path directory = keycloak.directory();
        keycloak.close();
        keycloak.close();
        assertThat(directory).doesNotExist();
        assertThat(ProcessHandle.of(keycloak.pid())).isEmpty();
    }

    @Test
    void tellsItsProgressAndListensOnTheLoopbackInterfaceOnly() throws Exception {
        assertThat(PROGRESS).anyMatch(line -> line.matches("keycloak: ready on port \\d+ in \\d+\\.\\d s"));
        String tables = Files.readString(Path.of("/proc/net/tcp")) + Files.readString(Path.of("/proc/net/tcp6"));
        String port = String.format("%04X", keycloak.port());
        assertThat(tables.lines().filter(line -> line.contains(":" + port + " ") && line.contains(" 0A ")))
                .as("listening sockets on the port, in the kernel's own notation")
                .isNotEmpty()
                .noneMatch(line -> line.contains(" 00000000:" + port))
                .noneMatch(line -> line.contains(" 00000000000000000000000000000000:" + port));
        assertThat(keycloak.url())
                .isEqualTo("http://" + InetAddress.getByName("127.0.0.1").getHostAddress() + ":" + keycloak.port());
    }

    @Test
    void signsInTheSampleUsersOfTheRealmWhoHaveNoEmail() throws Exception {
        String operator = claims(userToken("operator", "operator-local"));
        assertThat(operator)
                .contains("\"aud\":[\"doorbell-api\",\"account\"]")
                .contains("\"operator\"")
                .contains("\"iss\":\"" + keycloak.url() + "/realms/doorbell\"");
        String visitor = claims(userToken("visitor", "visitor-local"));
        assertThat(visitor).contains("\"typ\":\"Bearer\"").doesNotContain("\"operator\"");
    }

    /** What the customer service does, with the rights that it has, and that it is there after a kill. */
    @Test
    void keepsTheCustomerIdOfAUserAndTheUserAfterAKill() throws Exception {
        String users = "/admin/realms/doorbell/users";
        HttpResponse<String> created = send(admin(users)
                .POST(BodyPublishers.ofString(
                        "{\"username\":\"ada\",\"firstName\":\"Ada\",\"lastName\":\"Sample\",\"enabled\":true,"
                                + "\"attributes\":{\"customerId\":[\"" + CUSTOMER + "\"]},"
                                + "\"credentials\":[{\"type\":\"password\",\"value\":\"a-password-of-ada\"}]}")));
        assertThat(created.statusCode()).isEqualTo(201);
        long pid = keycloak.pid();
        keycloak.kill();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        keycloak.startAgain();
        keycloak.importRealm(realm);
        assertThat(send(admin(users + "?username=ada&exact=true").GET()).body())
                .contains("\"customerId\":[\"" + CUSTOMER + "\"]");
        assertThat(claims(userToken("ada", "a-password-of-ada"))).contains("\"customerId\":\"" + CUSTOMER + "\"");
        assertThat(send(admin("/admin/realms/doorbell").GET()).statusCode())
                .as("the service may manage users and nothing else: it does not even see the realm's secrets")
                .satisfiesAnyOf(
                        status -> assertThat(status).isEqualTo(403),
                        status -> assertThat(
                                        send(admin("/admin/realms/doorbell").GET())
                                                .body())
                                .doesNotContain("passwordPolicy"));
        assertThat(send(admin("/admin/realms/doorbell/clients").GET()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aRealmThatIsNoneIsToldInOneLine() {
        assertThatThrownBy(() -> keycloak.importRealm("{\"realm\":"))
                .isInstanceOf(LocalStackException.class)
                .hasMessageStartingWith("keycloak: the realm was not imported: status 400")
                .satisfies(failure -> assertThat(failure.getMessage()).hasLineCount(1));
    }

    @Test
    void afterAKillOfItsProgramNothingIsLeft(@TempDir Path directory) throws IOException {
        Process program = Java.child(
                        Java.classPath(),
                        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory),
                        KeycloakProgram.class)
                .redirectErrorStream(true)
                .start();
        BufferedReader output = program.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith("keycloak: starting")) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
        await("the server's process").until(() -> !servers(directory).isEmpty());
        program.destroyForcibly();
        await("no process and no directory").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(servers(directory)).isEmpty();
            assertThat(directory).isEmptyDirectory();
        });
    }

    private static List<ProcessHandle> servers(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains(KeycloakMain.class.getName()) && line.contains(directory.toString()))
                        .orElse(false))
                .filter(process -> !OwnedProcesses.hasEnded(process))
                .toList();
    }

    private static String userToken(String user, String password) throws IOException {
        return token("grant_type=password&client_id=doorbell-web&username=" + user + "&password="
                + URLEncoder.encode(password, StandardCharsets.UTF_8));
    }

    private static HttpRequest.Builder admin(String path) throws IOException {
        String token = token(
                "grant_type=client_credentials&client_id=customer-verticle&client_secret=customer-verticle-local");
        return HttpRequest.newBuilder(URI.create(keycloak.url() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private static String token(String form) throws IOException {
        HttpResponse<String> response = send(
                HttpRequest.newBuilder(URI.create(keycloak.url() + "/realms/doorbell/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
        Matcher token = Pattern.compile("\"access_token\":\"([^\"]+)\"").matcher(response.body());
        assertThat(token.find()).as(response.body()).isTrue();
        return token.group(1);
    }

    private static String claims(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
